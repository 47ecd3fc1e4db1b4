import type { Status } from '../api/types.ts';
import { Signal } from '../page/signal.ts';

export interface Palette {
  readonly water: string;
  readonly land: string;
  readonly shore: string;
  readonly border: string;
  readonly province: string;
  readonly town: string;
  readonly townHalo: string;
  readonly green: string;
  readonly building: string;
  readonly road: string;
  readonly roadEdge: string;
  readonly highway: string;
  readonly streetName: string;
  readonly label: string;
  readonly labelEdge: string;
  readonly labelText: string;
  readonly rim: string;
  readonly track: string;
  readonly trackCasing: string;
  readonly accent: string;
  readonly status: Readonly<Record<Status, string>>;
}

const light: Palette = {
  water: '#dbe7ef', land: '#f6f6f3', shore: '#c3d2dc', border: '#a9b0b8', province: '#dcdcd6', town: '#66707c', townHalo: '#f6f6f3',
  green: '#e6efe0', building: '#e9e8e3', road: '#ffffff', roadEdge: '#d3d5d4', highway: '#f7e6b8', streetName: '#555f6b',
  label: '#ffffff', labelEdge: '#c9d0d8', labelText: '#1b2530', rim: '#ffffff', track: '#5b6f8c', trackCasing: '#ffffff', accent: '#4f46e5',
  status: { driving: '#2563eb', on_site: '#0d9468', parked: '#5b6b7f', maintenance: '#d9730d' },
};

const dark: Palette = {
  water: '#0d1620', land: '#18212b', shore: '#2a3744', border: '#4a5866', province: '#242f3b', town: '#8c99a7', townHalo: '#18212b',
  green: '#17291f', building: '#202b36', road: '#33414f', roadEdge: '#101820', highway: '#5b5230', streetName: '#a3b0bd',
  label: '#223040', labelEdge: '#3a4a5b', labelText: '#e8eef4', rim: '#0f1820', track: '#93a7c2', trackCasing: '#0f1820', accent: '#a5b4fc',
  status: { driving: '#5b9bff', on_site: '#2fc08d', parked: '#8a9bb0', maintenance: '#f2a13c' },
};

const key = 'chargecars.theme';
const preferred = matchMedia('(prefers-color-scheme: dark)');
let choice: 'dark' | 'light' | undefined = kept();

export const themeChanged = new Signal();

export function isDark(): boolean {
  return choice ? choice === 'dark' : preferred.matches;
}

export function palette(): Palette {
  return isDark() ? dark : light;
}

/** Follows the reader's system until the reader chooses. */
export function startTheme(): void {
  write();
  preferred.addEventListener('change', () => {
    write();
    themeChanged.emit();
  });
}

export function toggleTheme(): void {
  choice = isDark() ? 'light' : 'dark';
  try {
    localStorage.setItem(key, choice);
  } catch {
    // Then the choice lasts as long as the page.
  }

  write();
  themeChanged.emit();
}

function write(): void {
  document.documentElement.dataset['theme'] = isDark() ? 'dark' : 'light';
}

function kept(): 'dark' | 'light' | undefined {
  try {
    const value = localStorage.getItem(key);
    return value === 'dark' || value === 'light' ? value : undefined;
  } catch {
    return undefined;
  }
}
