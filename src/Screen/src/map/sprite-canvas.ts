import type { Motion } from '../fleet/motion.ts';
import { scale } from '../page/scale.ts';
import { Signal } from '../page/signal.ts';
import { Atlas, type Sprite } from './atlas.ts';

/** The part of the map's plane that is seen. */
export interface View {
  /** The middle, in the map's plane. */
  readonly x: number;
  readonly y: number;
  /** CSS pixels of the whole world. */
  readonly scale: number;
}

/** The middle of the fleet's country: positions go to the GPU as steps from here, for which its short numbers are exact enough. */
const origin = { x: 0.5147, y: 0.3295 };
/** Of each corner of a picture: a GPU that is none takes four corners for one far faster than an instance with four corners. */
const floats = 17;
const corners = 4;

const vertex = `#version 300 es
layout(location = 0) in vec4 path;
layout(location = 1) in vec4 timing;
layout(location = 2) in vec4 box;
layout(location = 3) in vec4 piece;
layout(location = 4) in float alpha;
uniform vec2 middle;
uniform float scale;
uniform vec2 viewport;
uniform float now;
out vec2 at;
out float strength;
void main() {
  vec2 corner = vec2(gl_VertexID & 1, (gl_VertexID >> 1) & 1) - 0.5;
  float part = timing.y > 0.0 ? clamp((now - timing.x) / timing.y, 0.0, 1.0) : 1.0;
  float angle = mix(timing.z, timing.w, part);
  vec2 step = corner * box.zw;
  step = vec2(step.x * cos(angle) - step.y * sin(angle), step.x * sin(angle) + step.y * cos(angle)) + box.xy;
  vec2 pixel = (mix(path.xy, path.zw, part) - middle) * scale + step;
  gl_Position = vec4(pixel * vec2(2.0, -2.0) / viewport, 0.0, 1.0);
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
 * Thousands of pictures on a canvas of their own over the map, in one draw call. Each carries where it comes from, where it
 * goes and when; the GPU moves it, so that a frame without news costs no more than the drawing, and the map under it none.
 */
export class SpriteCanvas {
  readonly element = document.createElement('canvas');
  /** The drawing came back after it was lost: all pictures are gone. */
  readonly restored = new Signal();
  atlas: Atlas;

  private readonly gl: WebGL2RenderingContext;
  private resources: Resources;
  private data = new Float32Array(1024 * corners * floats);
  private count = 0;
  private capacity = 0;
  private isStale = true;

  constructor() {
    const gl = this.element.getContext('webgl2', { antialias: false, depth: false, stencil: false, powerPreference: 'high-performance' });
    if (!gl) {
      throw new Error('WebGL 2 is missing.');
    }

    this.gl = gl;
    this.element.className = 'vans';
    this.element.setAttribute('aria-hidden', 'true');
    this.resources = createResources(gl);
    this.atlas = new Atlas(gl, devicePixelRatio, scale());
    this.element.addEventListener('webglcontextlost', event => event.preventDefault());
    this.element.addEventListener('webglcontextrestored', () => this.restore());
  }

  /** Starts over with no pictures. */
  begin(): void {
    this.count = 0;
  }

  /** Adds a picture and answers its number. */
  add(motion: Motion, sprite: Sprite, options: { rotates?: boolean; alpha?: number; dx?: number; dy?: number } = {}): number {
    if ((this.count + 1) * corners * floats > this.data.length) {
      const larger = new Float32Array(this.data.length * 2);
      larger.set(this.data);
      this.data = larger;
    }

    const slot = this.count++;
    const { width, height, u, v, du, dv } = sprite;
    const picture = [options.dx ?? 0, options.dy ?? 0, width, height, u, v, du, dv, options.alpha ?? 1];
    for (let corner = 0; corner < corners; corner++) {
      this.data.set(picture, (slot * corners + corner) * floats + 8);
    }

    this.steer(slot, motion, options.rotates ?? false);
    return slot;
  }

  /** Gives a picture another way to go. */
  steer(slot: number, motion: Motion, rotates: boolean): void {
    const data = this.data;
    for (let corner = 0; corner < corners; corner++) {
      const at = (slot * corners + corner) * floats;
      data[at] = motion.fromX - origin.x;
      data[at + 1] = motion.fromY - origin.y;
      data[at + 2] = motion.toX - origin.x;
      data[at + 3] = motion.toY - origin.y;
      data[at + 4] = motion.start;
      data[at + 5] = motion.duration;
      data[at + 6] = rotates ? motion.fromHeading : 0;
      data[at + 7] = rotates ? motion.toHeading : 0;
    }

    this.isStale = true;
  }

  resize(width: number, height: number): void {
    this.element.width = Math.round(width * devicePixelRatio);
    this.element.height = Math.round(height * devicePixelRatio);
  }

  /** @param now Seconds. */
  draw(view: View, now: number): void {
    const { gl, element, resources } = this;
    if (gl.isContextLost()) {
      return;
    }

    gl.viewport(0, 0, element.width, element.height);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.useProgram(resources.program);
    gl.bindVertexArray(resources.array);
    this.upload();
    gl.uniform2f(resources.middle, view.x - origin.x, view.y - origin.y);
    gl.uniform1f(resources.scale, view.scale);
    gl.uniform2f(resources.viewport, element.width / devicePixelRatio, element.height / devicePixelRatio);
    gl.uniform1f(resources.now, now);
    gl.bindTexture(gl.TEXTURE_2D, this.atlas.texture);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.drawElements(gl.TRIANGLES, this.count * 6, gl.UNSIGNED_INT, 0);
  }

  private upload(): void {
    // Of nothing nothing: a length of 0 means all that there is.
    if (!this.isStale || !this.count) {
      return;
    }

    const { gl } = this;
    const length = this.count * corners * floats;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.resources.buffer);
    if (length > this.capacity) {
      gl.bufferData(gl.ARRAY_BUFFER, this.data, gl.DYNAMIC_DRAW);
      gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, triangles(this.data.length / floats / corners), gl.STATIC_DRAW);
      this.capacity = this.data.length;
    } else {
      gl.bufferSubData(gl.ARRAY_BUFFER, 0, this.data, 0, length);
    }

    this.isStale = false;
  }

  private restore(): void {
    this.resources = createResources(this.gl);
    this.atlas = new Atlas(this.gl, devicePixelRatio, scale());
    this.capacity = this.count = 0;
    this.isStale = true;
    this.restored.emit();
  }
}

type Resources = ReturnType<typeof createResources>;

function createResources(gl: WebGL2RenderingContext) {
  const program = link(gl);
  const array = gl.createVertexArray();
  const buffer = gl.createBuffer();
  gl.bindVertexArray(array);
  gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
  [4, 4, 4, 4, 1].forEach((size, i) => {
    gl.enableVertexAttribArray(i);
    gl.vertexAttribPointer(i, size, gl.FLOAT, false, floats * 4, i * 16);
  });
  gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, gl.createBuffer());
  const uniform = (name: string) => gl.getUniformLocation(program, name);
  return { program, array, buffer, middle: uniform('middle'), scale: uniform('scale'), viewport: uniform('viewport'), now: uniform('now') };
}

/** Two triangles of the four corners of each picture. */
function triangles(pictures: number): Uint32Array {
  const indices = new Uint32Array(pictures * 6);
  for (let i = 0; i < pictures; i++) {
    indices.set([0, 1, 2, 2, 1, 3].map(corner => i * corners + corner), i * 6);
  }

  return indices;
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
