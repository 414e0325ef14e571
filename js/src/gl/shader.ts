// What the graphics card runs for each pixel of the stage: paint/overlay.ts says the same in words of the processor.

/** As many steps as the widest look around has, at two device pixels a CSS pixel. */
export const STEPS = 69;

export const VERTEX = `#version 300 es
void main() {
  // One triangle, larger than the stage.
  gl_Position = vec4(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0, 0.0, 1.0);
}`;

export const FRAGMENT = `#version 300 es
precision highp float;
precision highp int;
precision highp usampler2D;
precision highp isampler2D;

uniform usampler2D labels;
// The photo's column (row) under each column (row) of the stage and its margin, -1 outside.
uniform isampler2D lines;
uniform sampler2D edges;
uniform sampler2D flats;
uniform int height, margin, unit, steps;
uniform ivec2 origin, probes[8], around[${STEPS}];
out vec4 colour;

uint label(ivec2 at) {
  int column = texelFetch(lines, ivec2(at.x + margin, 0), 0).r;
  int row = texelFetch(lines, ivec2(at.y + margin, 1), 0).r;
  return column < 0 || row < 0 ? 0u : texelFetch(labels, ivec2(column, row), 0).r;
}

vec4 edge(ivec2 at, uint own) {
  uint owner = own;
  int count = 0;
  for (int step = 0; step < steps; step++) {
    uint other = label(at + around[step]);
    if (other == 0u) continue;
    if (owner == 0u) owner = other;
    if (other == owner) count++;
  }
  return owner == 0u ? vec4(0.0) : texelFetch(edges, ivec2(count, (own == 0u ? 0 : 8) + int(owner)), 0);
}

void main() {
  ivec2 at = ivec2(int(gl_FragCoord.x), height - 1 - int(gl_FragCoord.y));
  uint own = label(at);
  bool even = true;
  for (int probe = 0; even && probe < 8; probe++) even = label(at + probes[probe]) == own;
  vec4 paint = vec4(0.0);
  if (!even) paint = edge(at, own);
  else if (own != 0u) {
    ivec2 cell = (at - origin) / unit & 7;
    paint = texelFetch(flats, ivec2(cell.y * 8 + cell.x, int(own)), 0);
  }
  colour = vec4(paint.rgb * paint.a, paint.a);
}`;
