import { statuses, type Freshness, type Status } from '../api/types.ts';
import type { Atlas, Sprite } from './atlas.ts';
import { clusterRadius } from './layout.ts';
import { palette } from './palette.ts';

const font = 'system-ui, "Segoe UI", Roboto, sans-serif';
const plateFont = `600 11px ${font}`;
const size = 30;

/** A van's marker, nose up: a body in its status' colour, with a shape of its own for those who don't tell colours apart. */
export function vanPicture(atlas: Atlas, status: Status, freshness: Freshness, hasHeading: boolean): Sprite {
  const heading = hasHeading && status !== 'maintenance';
  return atlas.sprite(`van ${status} ${freshness} ${heading}`, size, size, canvas => {
    const colours = palette();
    const hollow = freshness === 'offline' || freshness === 'unknown';
    const colour = colours.status[status];
    canvas.translate(size / 2, size / 2);
    canvas.shadowColor = 'rgba(10, 20, 30, .35)';
    canvas.shadowBlur = hollow ? 0 : 3;
    canvas.shadowOffsetY = hollow ? 0 : 1;
    body(canvas, heading);
    canvas.fillStyle = hollow ? colours.land : colour;
    canvas.fill();
    canvas.shadowColor = 'transparent';
    canvas.lineWidth = hollow ? 2 : 1.6;
    canvas.strokeStyle = hollow ? colour : colours.rim;
    canvas.stroke();
    canvas.fillStyle = canvas.strokeStyle = hollow ? colour : colours.rim;
    emblem(canvas, status);
  });
}

export function platePicture(atlas: Atlas, plate: string, selected: boolean): Sprite {
  const width = Math.ceil(atlas.measure(plateFont, plate)) + 12;
  return atlas.sprite(`plate ${plate} ${selected}`, width + 4, 22, canvas => {
    const colours = palette();
    canvas.beginPath();
    canvas.roundRect(2, 2, width, 17, 4.5);
    canvas.shadowColor = 'rgba(10, 20, 30, .22)';
    canvas.shadowBlur = 3;
    canvas.shadowOffsetY = 1;
    canvas.fillStyle = selected ? colours.accent : colours.label;
    canvas.fill();
    canvas.shadowColor = 'transparent';
    canvas.lineWidth = 0.75;
    canvas.strokeStyle = selected ? colours.accent : colours.labelEdge;
    canvas.stroke();
    text(canvas, plate, plateFont, selected ? colours.rim : colours.labelText, 2 + width / 2, 11);
  });
}

/** How many vans are here, and in a ring how they divide over the statuses. */
export function clusterPicture(atlas: Atlas, count: number, shares: readonly number[]): Sprite {
  const radius = clusterRadius(count);
  // Ring parts in sixteenths: enough to see, few enough to be drawn once.
  const parts = shares.map(share => Math.round((share / count) * 16));
  const label = count < 1_000 ? String(count) : `${(count / 1_000).toFixed(1)}k`;
  return atlas.sprite(`cluster ${label} ${parts.join()}`, radius * 2 + 6, radius * 2 + 6, canvas => {
    const colours = palette();
    const middle = radius + 3;
    canvas.beginPath();
    canvas.arc(middle, middle, radius, 0, 2 * Math.PI);
    canvas.shadowColor = 'rgba(10, 20, 30, .3)';
    canvas.shadowBlur = 4;
    canvas.shadowOffsetY = 1;
    canvas.fillStyle = colours.label;
    canvas.fill();
    canvas.shadowColor = 'transparent';
    const whole = parts.reduce((sum, part) => sum + part, 0) || 1;
    let from = -Math.PI / 2;
    canvas.lineWidth = 4;
    parts.forEach((part, i) => {
      const to = from + (part / whole) * 2 * Math.PI;
      canvas.beginPath();
      canvas.arc(middle, middle, radius - 3, from, to);
      canvas.strokeStyle = colours.status[statuses[i]!];
      canvas.stroke();
      from = to;
    });
    text(canvas, label, `650 ${count < 100 ? 12 : 11.5}px ${font}`, colours.labelText, middle, middle + 0.5);
  });
}

export function ringPicture(atlas: Atlas): Sprite {
  return atlas.sprite('ring', 46, 46, canvas => {
    canvas.beginPath();
    canvas.arc(23, 23, 19, 0, 2 * Math.PI);
    canvas.fillStyle = `${palette().accent}26`;
    canvas.fill();
    canvas.lineWidth = 2;
    canvas.strokeStyle = palette().accent;
    canvas.stroke();
  });
}

function body(canvas: CanvasRenderingContext2D, heading: boolean): void {
  canvas.beginPath();
  if (heading) {
    // A drop whose point shows the way.
    canvas.moveTo(0, -13.5);
    canvas.lineTo(5.6, -7.2);
    canvas.arc(0, 0, 9.1, -0.91, Math.PI + 0.91);
    canvas.closePath();
  } else {
    canvas.arc(0, 0, 9.1, 0, 2 * Math.PI);
  }
}

function emblem(canvas: CanvasRenderingContext2D, status: Status): void {
  canvas.lineWidth = 2;
  canvas.lineCap = canvas.lineJoin = 'round';
  canvas.beginPath();
  switch (status) {
    case 'driving':
      canvas.moveTo(0, -4.6);
      canvas.lineTo(3.8, 3.6);
      canvas.lineTo(0, 1.6);
      canvas.lineTo(-3.8, 3.6);
      canvas.closePath();
      canvas.fill();
      break;
    case 'on_site':
      canvas.arc(0, 0, 3.4, 0, 2 * Math.PI);
      canvas.fill();
      break;
    case 'parked':
      canvas.roundRect(-3.1, -3.1, 6.2, 6.2, 1.2);
      canvas.fill();
      break;
    case 'maintenance':
      canvas.moveTo(-3, -3);
      canvas.lineTo(3, 3);
      canvas.moveTo(3, -3);
      canvas.lineTo(-3, 3);
      canvas.stroke();
      break;
  }
}

function text(canvas: CanvasRenderingContext2D, value: string, face: string, colour: string, x: number, y: number): void {
  canvas.font = face;
  canvas.fillStyle = colour;
  canvas.textAlign = 'center';
  canvas.textBaseline = 'middle';
  canvas.fillText(value, x, y);
}
