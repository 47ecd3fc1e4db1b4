import type { CustomLayerInterface, CustomRenderMethodInput, Map as GlMap } from 'maplibre-gl';
import type { Motion } from '../fleet/motion.ts';
import { Atlas, type Sprite } from './atlas.ts';

/** The middle of the fleet's country: positions go to the GPU as steps from here, for which its short numbers are exact enough. */
const origin = { x: 0.5147, y: 0.3295 };
const floats = 17;

const vertex = `#version 300 es
layout(location = 0) in vec4 path;
layout(location = 1) in vec4 timing;
layout(location = 2) in vec4 box;
layout(location = 3) in vec4 piece;
layout(location = 4) in float alpha;
uniform mat4 matrix;
uniform vec2 viewport;
uniform float now;
out vec2 at;
out float strength;
void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1) - 0.5;
  float part = timing.y > 0.0 ? clamp((now - timing.x) / timing.y, 0.0, 1.0) : 1.0;
  float angle = mix(timing.z, timing.w, part);
  vec2 step = corner * box.zw;
  step = vec2(step.x * cos(angle) - step.y * sin(angle), step.x * sin(angle) + step.y * cos(angle)) + box.xy;
  gl_Position = matrix * vec4(mix(path.xy, path.zw, part), 0.0, 1.0);
  gl_Position.xy += step * vec2(2.0, -2.0) / viewport * gl_Position.w;
  at = piece.xy + (corner + 0.5) * piece.zw;
  strength = alpha;
}`;

const fragment = `#version 300 es
precision mediump float;
uniform sampler2D pictures;
in vec2 at;
in float strength;
out vec4 colour;
void main() {
  colour = texture(pictures, at) * strength;
}`;

/**
 * Thousands of pictures on the map in one draw call. Each carries where it comes from, where it goes and when; the GPU moves
 * it, so that a frame without news costs no more than the drawing.
 */
export class SpriteLayer implements CustomLayerInterface {
  readonly id = 'vans';
  readonly type = 'custom';
  atlas: Atlas | undefined;

  private readonly clock: () => number;
  private readonly prepare: () => void;
  private map: GlMap | undefined;
  private program: WebGLProgram | undefined;
  private buffer: WebGLBuffer | undefined;
  private array: WebGLVertexArrayObject | undefined;
  private data = new Float32Array(1024 * floats);
  private count = 0;
  private capacity = 0;
  private isStale = true;
  private readonly locations: Record<'matrix' | 'viewport' | 'now', WebGLUniformLocation | null> = { matrix: null, viewport: null, now: null };

  /**
   * @param clock Seconds.
   * @param prepare Called before each frame is drawn: what is new is written then.
   */
  constructor(clock: () => number, prepare: () => void) {
    this.clock = clock;
    this.prepare = prepare;
  }

  /** Starts over with no pictures. */
  begin(): void {
    this.count = 0;
  }

  /** Adds a picture and answers its number. */
  add(motion: Motion, sprite: Sprite, options: { rotates?: boolean; alpha?: number; dx?: number; dy?: number } = {}): number {
    if ((this.count + 1) * floats > this.data.length) {
      const larger = new Float32Array(this.data.length * 2);
      larger.set(this.data);
      this.data = larger;
    }

    const slot = this.count++;
    const at = slot * floats;
    const data = this.data;
    data[at + 8] = options.dx ?? 0;
    data[at + 9] = options.dy ?? 0;
    data[at + 10] = sprite.width;
    data[at + 11] = sprite.height;
    data[at + 12] = sprite.u;
    data[at + 13] = sprite.v;
    data[at + 14] = sprite.du;
    data[at + 15] = sprite.dv;
    data[at + 16] = options.alpha ?? 1;
    this.steer(slot, motion, options.rotates ?? false);
    return slot;
  }

  /** Gives a picture another way to go. */
  steer(slot: number, motion: Motion, rotates: boolean): void {
    const at = slot * floats;
    const data = this.data;
    data[at] = motion.fromX - origin.x;
    data[at + 1] = motion.fromY - origin.y;
    data[at + 2] = motion.toX - origin.x;
    data[at + 3] = motion.toY - origin.y;
    data[at + 4] = motion.start;
    data[at + 5] = motion.duration;
    data[at + 6] = rotates ? motion.fromHeading : 0;
    data[at + 7] = rotates ? motion.toHeading : 0;
    this.isStale = true;
  }

  onAdd(map: GlMap, gl: WebGL2RenderingContext): void {
    this.map = map;
    this.program = link(gl);
    for (const name of Object.keys(this.locations) as (keyof typeof this.locations)[]) {
      this.locations[name] = gl.getUniformLocation(this.program, name);
    }

    this.buffer = gl.createBuffer();
    this.array = gl.createVertexArray();
    this.capacity = 0;
    gl.bindVertexArray(this.array);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffer);
    [4, 4, 4, 4, 1].forEach((size, i) => {
      gl.enableVertexAttribArray(i);
      gl.vertexAttribPointer(i, size, gl.FLOAT, false, floats * 4, i * 16);
      gl.vertexAttribDivisor(i, 1);
    });
    gl.bindVertexArray(null);
    this.atlas = new Atlas(gl, devicePixelRatio);
  }

  onRemove(_: GlMap, gl: WebGL2RenderingContext): void {
    this.atlas?.dispose();
    this.atlas = undefined;
    gl.deleteProgram(this.program!);
    gl.deleteBuffer(this.buffer!);
    gl.deleteVertexArray(this.array!);
  }

  render(gl: WebGL2RenderingContext, input: CustomRenderMethodInput): void {
    this.prepare();
    if (!this.count || !this.map || !this.atlas) {
      return;
    }

    gl.useProgram(this.program!);
    gl.bindVertexArray(this.array!);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffer!);
    this.upload(gl);
    gl.uniformMatrix4fv(this.locations.matrix, false, fromOrigin(input.defaultProjectionData.mainMatrix));
    const canvas = this.map.getCanvas();
    gl.uniform2f(this.locations.viewport, canvas.clientWidth, canvas.clientHeight);
    gl.uniform1f(this.locations.now, this.clock());
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, this.atlas.texture);
    gl.disable(gl.DEPTH_TEST);
    gl.disable(gl.STENCIL_TEST);
    gl.disable(gl.CULL_FACE);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, this.count);
    gl.bindVertexArray(null);
  }

  private upload(gl: WebGL2RenderingContext): void {
    if (!this.isStale) {
      return;
    }

    const used = this.data.subarray(0, this.count * floats);
    if (used.length > this.capacity) {
      gl.bufferData(gl.ARRAY_BUFFER, this.data, gl.DYNAMIC_DRAW);
      this.capacity = this.data.length;
    } else {
      gl.bufferSubData(gl.ARRAY_BUFFER, 0, used);
    }

    this.isStale = false;
  }
}

/** The map's matrix for positions that are steps from the origin; computed in long numbers. */
function fromOrigin(matrix: ArrayLike<number>): Float32Array {
  const moved = Float64Array.from(matrix);
  for (let i = 0; i < 4; i++) {
    moved[12 + i] = matrix[i]! * origin.x + matrix[4 + i]! * origin.y + matrix[12 + i]!;
  }

  return Float32Array.from(moved);
}

function link(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram();
  for (const [kind, source] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]] as const) {
    const shader = gl.createShader(kind)!;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }

  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) {
    throw new Error(`The vans' shader does not link: ${gl.getProgramInfoLog(program)}`);
  }

  return program;
}
