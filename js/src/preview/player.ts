// The drawing in motion: a canvas over the photo, drawn anew at every frame. This is the preview's edge to the page; what it
// shows is worked out by the files beside it.
import type { Desk } from "../brush/desk";
import type { Film } from "../brush/play";
import type { Size } from "../paint/viewport";
import { displacement } from "./displacement";
import { draw } from "./draw";
import type { Picture } from "./picture";
import { boardOf, movable, type Prepared, pixels, prepare, viewSize } from "./prepare";

/** Seconds that one frame may last at most: a page that was asleep goes on where it was. */
const LONGEST_FRAME = 0.1;

/** Shows on `stage` what `film` says, until the signal fires; `stop` shows the drawing again. */
export function play(stage: HTMLElement, desk: Desk, film: Film, stop: () => void, signal: AbortSignal): void {
  if (!signal.aborted) new Player(stage, desk, film, stop, signal);
}

class Player {
  #photo: { address: string; picture: Picture } | null = null;
  /** What is cut, and for which state of the drawing. */
  #ready: { key: string; prepared: Prepared } | null = null;
  #preparing = "";
  /** Counts changes of the labels: a path changes no layer. */
  #edits = 0;
  #board: CanvasRenderingContext2D | null = null;
  #frame = 0;
  #last = 0;
  #seen = true;

  constructor(
    private readonly stage: HTMLElement,
    private readonly desk: Desk,
    private readonly film: Film,
    private readonly stop: () => void,
    private readonly signal: AbortSignal,
  ) {
    const { document, view, tool } = desk;
    let known = document.painting.peek();
    const heard = [
      film.shows.subscribe(() => this.#show()),
      film.time.subscribe(() => this.#schedule()),
      // What goes wrong is told when it is wanted.
      film.soon.subscribe(() => this.#prepare().catch(() => {})),
      view.subscribe(() => this.#place()),
      document.painting.subscribe((painting) => {
        if (painting === known) return;
        known = painting;
        this.#edits += 1;
        this.#ready = null;
        stop();
      }),
    ];
    document.watch(({ rect }) => {
      if (rect) this.#edits += 1;
      if (film.shows.peek() !== "off") stop();
    }, signal);
    stage.addEventListener(
      "pointerdown",
      ({ button }) => {
        const pans = button === 1 || tool.peek() === "pan" || stage.matches(".kw-brush-panning");
        if (film.shows.peek() !== "off" && !pans) stop();
      },
      { signal, capture: true },
    );
    const seen = new IntersectionObserver((entries) => {
      this.#seen = entries.at(-1)?.isIntersecting ?? true;
      this.#schedule();
    });
    seen.observe(stage);
    signal.addEventListener("abort", () => {
      for (const end of heard) end();
      seen.disconnect();
      this.#hide();
    });
  }

  /** How large it is played; the photo is shown in as many pixels or more. */
  get #size(): Size {
    const plane = this.desk.document.painting.peek()?.plane ?? { width: 1, height: 1 };
    return viewSize(plane, this.desk.view.peek().scale * devicePixelRatio);
  }

  /** What the drawing's layers depend on. */
  get #key(): string {
    const painting = this.desk.document.painting.peek();
    return `${this.#edits}: ${painting && movable(painting)}, ${this.#size.width}`;
  }

  #show(): void {
    if (this.film.shows.peek() === "off") {
      this.#hide();
      return;
    }
    this.#last = 0;
    if (this.#ready?.key === this.#key) this.#schedule();
    else
      this.#prepare().catch((error) => {
        this.stop();
        this.desk.document.trouble.value = { words: `The preview could not be made. ${error.message}`, again: null };
      });
  }

  async #prepare(): Promise<void> {
    const painting = this.desk.document.painting.peek();
    const image = this.stage.querySelector("img");
    const key = this.#key;
    if (painting === null || image === null || this.#preparing === key || this.#ready?.key === key) return;
    if (movable(painting).length === 0) return;
    this.#preparing = key;
    try {
      const size = this.#size;
      if (this.#photo?.address !== image.src || this.#photo.picture.width !== size.width) {
        this.#photo = { address: image.src, picture: await pixels(image, size) };
      }
      const prepared = await prepare(this.#photo.picture, painting, () => this.signal.aborted || this.#key !== key);
      if (prepared) this.#ready = { key, prepared };
    } finally {
      if (this.#preparing === key) this.#preparing = "";
    }
    if (this.#preparing === "" && this.film.shows.peek() !== "off") this.#show();
  }

  #schedule(): void {
    if (this.#frame === 0 && this.#ready && this.#seen && this.film.shows.peek() !== "off") {
      this.#frame = requestAnimationFrame((now) => this.#tick(now));
    }
  }

  #tick(now: number): void {
    const { film, desk } = this;
    this.#frame = 0;
    if (film.shows.peek() === "off" || this.#ready === null) return;
    if (film.shows.peek() === "playing") {
      const passed = this.#last ? Math.min(LONGEST_FRAME, (now - this.#last) / 1000) : 0;
      this.#last = now;
      const duration = desk.duration.peek();
      const time = film.time.peek() + passed * film.speed.peek();
      const over = time >= duration;
      film.time.value = over ? (film.loop.peek() ? time % duration : duration) : time;
      if (over && !film.loop.peek()) film.shows.value = "paused";
    }
    this.#draw(this.#ready.prepared);
    if (film.shows.peek() === "playing") this.#schedule();
  }

  #draw({ width, height, cut }: Prepared): void {
    const painting = this.desk.document.painting.peek();
    if (painting === null) return;
    if (this.#board && this.#board.canvas.width !== width) this.#hide();
    const fresh = this.#board === null;
    this.#board ??= boardOf({ width, height }, { alpha: false });
    const scale = width / painting.plane.width;
    draw(this.#board, cut, (area) => {
      const path = painting.paths.get(area) ?? [];
      const [x, y] = displacement(path, this.desk.duration.peek(), this.film.time.peek());
      return [x * scale, y * scale];
    });
    if (!fresh) return;
    this.#board.canvas.className = "kw-brush-film";
    this.#place();
    this.stage.querySelector("img")?.after(this.#board.canvas);
  }

  /** Where the photo is. */
  #place(): void {
    const painting = this.desk.document.painting.peek();
    if (this.#board === null || painting === null) return;
    const { scale, x, y } = this.desk.view.peek();
    const { canvas } = this.#board;
    canvas.style.transform = `translate(${x}px, ${y}px) scale(${(scale * painting.plane.width) / canvas.width})`;
  }

  #hide(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#board?.canvas.remove();
    this.#board = null;
  }
}
