// The two things one asks of WebGL: a program from its sources, and a texture that holds numbers.

export interface Program {
  /** Where a uniform of that name is set. */
  at(name: string): WebGLUniformLocation | null;
}

/** Builds the program and takes it in use. Throws what the card's compiler said. */
export function link(gl: WebGL2RenderingContext, vertex: string, fragment: string): Program {
  const program = gl.createProgram();
  for (const [kind, source] of [
    [gl.VERTEX_SHADER, vertex],
    [gl.FRAGMENT_SHADER, fragment],
  ] as const) {
    const shader = gl.createShader(kind);
    if (shader === null) throw new Error("The graphics card is gone.");
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(program) ?? "");
  gl.useProgram(program);
  const places = new Map<string, WebGLUniformLocation | null>();
  const at = (name: string) => {
    if (!places.has(name)) places.set(name, gl.getUniformLocation(program, name));
    return places.get(name) ?? null;
  };
  return { at };
}

/** A texture of exact numbers, all 0, in place of the one before at that unit. */
export function table(gl: WebGL2RenderingContext, unit: number, format: number, width: number, height: number): void {
  gl.activeTexture(gl.TEXTURE0 + unit);
  gl.deleteTexture(gl.getParameter(gl.TEXTURE_BINDING_2D));
  gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
  gl.texStorage2D(gl.TEXTURE_2D, 1, format, width, height);
  for (const which of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
    gl.texParameteri(gl.TEXTURE_2D, which, gl.NEAREST);
}
