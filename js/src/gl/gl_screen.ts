// The graphics card's way to show paint: the plane is a texture, zoom and pan two short tables, and every pixel of the stage is
// asked anew at every change. It looks as paint/overlay.ts draws it.
import type { Screen } from "../brush/screen";
import type { Aim } from "../paint/aim";
import type { Rect } from "../paint/geometry";
import type { Look } from "../paint/look";
import { KINDS, type Plane } from "../paint/plane";
import type { Size } from "../paint/viewport";
import { link, type Program, table } from "./program";
import { FRAGMENT, VERTEX } from "./shader";

/** Texture units, as the shader's samplers are told. */
const UNITS = { labels: 0, lines: 1, edges: 2, flats: 3 } as const;

export class GlScreen implements Screen {
  readonly #canvas: HTMLCanvasElement;
  readonly #program: Program;
  readonly #ended = new AbortController();
  #plane: Plane | null = null;
  #aim: Aim | null = null;

  constructor(
    private readonly gl: WebGL2RenderingContext,
    private readonly layer: HTMLElement,
    /** The card is gone, or too small for this photo: show paint in another way. */
    private readonly lost: () => void,
  ) {
    this.#canvas = gl.canvas as HTMLCanvasElement;
    this.#program = link(gl, VERTEX, FRAGMENT);
    for (const [name, unit] of Object.entries(UNITS)) gl.uniform1i(this.#program.at(name), unit);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    this.#canvas.addEventListener("webglcontextlost", lost, { signal: this.#ended.signal });
    layer.style.transform = "";
    layer.replaceChildren(this.#canvas);
  }

  resize({ width, height }: Size, look: Look): void {
    const { gl } = this;
    const { at } = this.#program;
    this.#canvas.width = width;
    this.#canvas.height = height;
    this.#canvas.style.width = `${width / look.density}px`;
    this.#canvas.style.height = `${height / look.density}px`;
    gl.viewport(0, 0, width, height);
    gl.uniform1i(at("height"), height);
    gl.uniform1i(at("margin"), look.margin);
    gl.uniform1i(at("unit"), look.unit);
    gl.uniform1i(at("steps"), look.around.length);
    gl.uniform2iv(at("around"), look.around.flat());
    gl.uniform2iv(at("probes"), look.probes.flat());
    table(gl, UNITS.edges, gl.RGBA8, look.around.length + 1, 2 * KINDS);
    gl.texSubImage2D(
      gl.TEXTURE_2D,
      0,
      0,
      0,
      look.around.length + 1,
      2 * KINDS,
      gl.RGBA,
      gl.UNSIGNED_BYTE,
      bytes(look.edges),
    );
    table(gl, UNITS.flats, gl.RGBA8, 64, KINDS);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, 64, KINDS, gl.RGBA, gl.UNSIGNED_BYTE, bytes(look.flat));
    table(gl, UNITS.lines, gl.R32I, Math.max(width, height) + 2 * look.margin, 2);
    this.#aim = null;
  }

  draw(plane: Plane, aim: Aim, dirty: Rect | null): boolean {
    const { gl } = this;
    if (plane !== this.#plane) {
      if (!this.#take(plane)) return false;
    } else if (dirty) this.#update(plane, dirty);
    else if (aim === this.#aim) return false;
    if (aim !== this.#aim) this.#look(aim);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    return false;
  }

  end(): void {
    this.#ended.abort();
    this.layer.replaceChildren();
  }

  #take(plane: Plane): boolean {
    const { gl } = this;
    const { width, height } = plane;
    this.#plane = plane;
    const fits = Math.max(width, height) <= gl.getParameter(gl.MAX_TEXTURE_SIZE);
    if (fits) {
      table(gl, UNITS.labels, gl.R8UI, width, height);
      this.#update(plane, { x: 0, y: 0, width, height });
    }
    if (fits && gl.getError() === gl.NO_ERROR) return true;
    this.lost();
    return false;
  }

  /** Only what has changed crosses to the card, straight from the plane. */
  #update({ data, width: wide }: Plane, { x, y, width, height }: Rect): void {
    const { gl } = this;
    gl.activeTexture(gl.TEXTURE0 + UNITS.labels);
    gl.pixelStorei(gl.UNPACK_ROW_LENGTH, wide);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, x, y, width, height, gl.RED_INTEGER, gl.UNSIGNED_BYTE, data, y * wide + x);
    gl.pixelStorei(gl.UNPACK_ROW_LENGTH, 0);
  }

  #look(aim: Aim): void {
    const { gl } = this;
    this.#aim = aim;
    gl.uniform2i(this.#program.at("origin"), aim.x, aim.y);
    gl.activeTexture(gl.TEXTURE0 + UNITS.lines);
    for (const [row, line] of [aim.columns, aim.rows].entries()) {
      gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, row, line.length, 1, gl.RED_INTEGER, gl.INT, line);
    }
  }
}

function bytes(words: Uint32Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(words.buffer);
}
