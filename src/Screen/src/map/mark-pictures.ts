import type { Atlas, Sprite } from './atlas.ts';
import { palette } from './palette.ts';

const labelFont = '600 10.5px system-ui, "Segoe UI", Roboto, sans-serif';

/** A dot for a full hour, a pause sign for a stop. */
export function markPicture(atlas: Atlas, kind: 'hour' | 'stop', isChosen: boolean): Sprite {
  const radius = kind === 'hour' ? 3.5 : isChosen ? 10 : 7;
  const side = 2 * radius + 4;
  return atlas.sprite(`mark ${kind} ${isChosen}`, side, side, canvas => {
    const { track, trackCasing, accent } = palette();
    const colour = isChosen ? accent : track;
    canvas.translate(side / 2, side / 2);
    canvas.beginPath();
    canvas.arc(0, 0, radius, 0, 2 * Math.PI);
    canvas.fillStyle = kind === 'hour' ? trackCasing : colour;
    canvas.fill();
    canvas.lineWidth = 2;
    canvas.strokeStyle = kind === 'hour' ? colour : trackCasing;
    canvas.stroke();
    if (kind === 'stop') {
      canvas.fillStyle = trackCasing;
      const [bar, height] = [radius * 0.26, radius * 0.95];
      canvas.fillRect(-bar * 1.7, -height / 2, bar, height);
      canvas.fillRect(bar * 0.7, -height / 2, bar, height);
    }
  });
}

export function markLabel(atlas: Atlas, text: string): Sprite {
  const width = Math.ceil(atlas.measure(labelFont, text)) + 8;
  return atlas.sprite(`mark label ${text}`, width + 2, 17, canvas => {
    const { label, labelEdge, town } = palette();
    canvas.beginPath();
    canvas.roundRect(1, 1, width, 15, 4);
    canvas.fillStyle = label;
    canvas.globalAlpha = 0.9;
    canvas.fill();
    canvas.globalAlpha = 1;
    canvas.lineWidth = 0.75;
    canvas.strokeStyle = labelEdge;
    canvas.stroke();
    canvas.font = labelFont;
    canvas.fillStyle = town;
    canvas.textAlign = 'center';
    canvas.textBaseline = 'middle';
    canvas.fillText(text, 1 + width / 2, 9);
  });
}
