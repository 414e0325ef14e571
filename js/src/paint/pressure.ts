// What a pen's pressure makes of the brush: a share of its size. A light hand draws thin, a firm one the whole width, and
// whatever a pen says in the moment it lands there is no blob.

const THINNEST = 0.15;
/** Drivers begin with 0.5, with 0 or with what the last stroke ended with: so many milliseconds the pen is still landing. */
const LANDING = 50;
/** How much of a change shows at once; the rest is the tremble of the sensor. */
const GIVE = 0.5;

export class Nib {
  #since: number | null = null;
  #felt = 0;
  #most = 0;

  /** For each sample, in the order they were made. A pen that lifts says 0: that is no pressure, it is none any more. */
  width(pressure: number, time: number): number {
    this.#since ??= time;
    if (pressure > 0) {
      const landed = Math.min(pressure, (time - this.#since) / LANDING);
      this.#felt += (landed - this.#felt) * GIVE;
      this.#most = Math.max(this.#most, pressure);
    }
    return share(this.#felt);
  }

  /** Of a tap that never moved: it is as wide as it was firm. */
  get dot(): number {
    return share(this.#most);
  }
}

function share(pressure: number): number {
  return THINNEST + (1 - THINNEST) * pressure ** 0.75;
}
