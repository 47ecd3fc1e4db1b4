import { addProtocol } from 'maplibre-gl';
import { PMTiles, Protocol, type RangeResponse, type Source } from 'pmtiles';

/** The host's file of streets, of which the map reads the parts that it shows: ranges of bytes, as the person who is signed in. */
class StreetFile implements Source {
  private readonly url: string;
  private readonly token: () => Promise<string>;

  constructor(url: string, token: () => Promise<string>) {
    this.url = url;
    this.token = token;
  }

  getKey(): string {
    return this.url;
  }

  async getBytes(offset: number, length: number, signal?: AbortSignal): Promise<RangeResponse> {
    const response = await fetch(this.url, {
      headers: { authorization: `Bearer ${await this.token()}`, range: `bytes=${offset}-${offset + length - 1}` }, ...(signal ? { signal } : {}),
    });
    // A server that sends the whole file instead of a part would send it for every tile.
    if (response.status !== 206) {
      await response.body?.cancel();
      throw new Error(`${this.url}: HTTP ${response.status}`);
    }

    const etag = response.headers.get('etag');
    return { data: await response.arrayBuffer(), ...(etag ? { etag } : {}) };
  }
}

/** Lets the map read the file by its address with `pmtiles://` before it; once. */
export function serveStreets(url: string, token: () => Promise<string>): void {
  const protocol = new Protocol();
  protocol.add(new PMTiles(new StreetFile(url, token)));
  addProtocol('pmtiles', protocol.tile);
}
