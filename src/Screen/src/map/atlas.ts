/** A picture's place in the texture, and its size on the screen in CSS pixels. */
export interface Sprite {
  readonly width: number;
  readonly height: number;
  readonly u: number;
  readonly v: number;
  readonly du: number;
  readonly dv: number;
}

type Draw = (canvas: CanvasRenderingContext2D, width: number, height: number) => void;

const side = 2048;
/** Around each picture, so that none takes colour from its neighbour, or from what was there before. */
const gap = 1;

/** Small pictures in one texture, drawn when they are first asked for: shelf after shelf, and all anew when it is full. */
export class Atlas {
  readonly texture: WebGLTexture;
  /** How much larger than they are drawn the pictures are shown. */
  private size: number;
  /** Raised when every sprite that was given out is void. */
  generation = 0;

  private readonly gl: WebGL2RenderingContext;
  private readonly ratio: number;
  private readonly sprites = new Map<string, Sprite>();
  private readonly context: CanvasRenderingContext2D;
  private x = 0;
  private y = 0;
  private shelf = 0;

  constructor(gl: WebGL2RenderingContext, ratio: number, size: number) {
    this.gl = gl;
    this.size = size;
    this.ratio = Math.min(3, Math.max(1, ratio));
    this.context = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
    this.texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, side, side);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.LINEAR);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
  }

  sprite(key: string, width: number, height: number, draw: Draw): Sprite {
    const known = this.sprites.get(key);
    if (known) {
      return known;
    }

    const [shownWidth, shownHeight] = [width * this.size, height * this.size];
    const [w, h] = [Math.ceil(shownWidth * this.ratio), Math.ceil(shownHeight * this.ratio)];
    const [cellWidth, cellHeight] = [w + 2 * gap, h + 2 * gap];
    this.reserve(cellWidth, cellHeight);
    this.paint(cellWidth, cellHeight, width, height, draw);
    const sprite = { width: shownWidth, height: shownHeight, u: (this.x + gap) / side, v: (this.y + gap) / side, du: w / side, dv: h / side };
    this.x += cellWidth;
    this.shelf = Math.max(this.shelf, cellHeight);
    this.sprites.set(key, sprite);
    return sprite;
  }

  /** The width of a text in CSS pixels. */
  measure(font: string, text: string): number {
    this.context.font = font;
    return this.context.measureText(text).width;
  }

  /** Starts over, with pictures of another size. */
  resize(size: number): void {
    this.size = size;
    this.clear();
  }

  clear(): void {
    this.sprites.clear();
    this.x = this.y = this.shelf = 0;
    this.generation++;
  }

  private reserve(w: number, h: number): void {
    if (this.x + w > side) {
      this.x = 0;
      this.y += this.shelf;
      this.shelf = 0;
    }

    if (this.y + h > side) {
      this.clear();
    }
  }

  private paint(w: number, h: number, width: number, height: number, draw: Draw): void {
    const { context, gl } = this;
    context.canvas.width = w;
    context.canvas.height = h;
    context.setTransform(this.ratio * this.size, 0, 0, this.ratio * this.size, gap, gap);
    draw(context, width, height);
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, true);
    gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, false);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, this.x, this.y, gl.RGBA, gl.UNSIGNED_BYTE, context.canvas);
  }
}
