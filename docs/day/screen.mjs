// A screen: watches orders, visits and vans from now on, and writes each change as a line of JSON into a file.
// node screen.mjs <url> <file>, with the access token in SCREEN_TOKEN. It ends when its input does.
import { appendFileSync, writeFileSync } from 'node:fs';
import { HttpTransportType, HubConnectionBuilder, LogLevel } from '@microsoft/signalr';

const [url, file] = process.argv.slice(2);
const hub = new HubConnectionBuilder()
  .withUrl(`${url}/hubs/dispatch`, { accessTokenFactory: () => process.env.SCREEN_TOKEN, transport: HttpTransportType.WebSockets, skipNegotiation: true })
  .configureLogging(LogLevel.Error)
  .build();

const tell = items => items.forEach(change => appendFileSync(file, `${JSON.stringify(change)}\n`));
let early = [];
// What overtakes the answer waits for it.
hub.on('changes', message => early ? early.push(...message.items) : tell(message.items));
hub.on('positions', () => { });
hub.on('resync', message => { console.error(`resync: ${message.reason}`); process.exit(1); });
hub.onclose(fault => { console.error(`closed: ${fault?.message ?? 'by the host'}`); process.exit(1); });

writeFileSync(file, '');
await hub.start();
const answer = await hub.invoke('Watch', { topics: ['fleet', 'orders', 'visits'] });
tell(early.filter(change => change.sequence > answer.sequence));
early = null;
console.log(`   from change ${answer.sequence} on`);
process.stdin.on('end', () => process.exit(0)).resume();
