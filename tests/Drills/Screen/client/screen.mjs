// A dispatch screen with the public client: watches the fleet, and after every lost connection resumes where it was.
// Each thing that happens is a line of JSON on standard output; it ends when its input does.
import { HttpTransportType, HubConnectionBuilder, LogLevel } from '@microsoft/signalr';

const url = process.argv[2];
const token = process.env.SCREEN_TOKEN;
let since;

const tell = happening => process.stdout.write(JSON.stringify(happening) + '\n');

async function follow() {
  const hub = new HubConnectionBuilder()
    .withUrl(`${url}/hubs/dispatch`, { accessTokenFactory: () => token, transport: HttpTransportType.WebSockets, skipNegotiation: true })
    .configureLogging(LogLevel.None)
    .build();
  const ended = new Promise(resolve => hub.onclose(resolve));
  let early = [];

  const take = (kind, items) => {
    if (items.length === 0) return;
    since = items.at(-1).sequence;
    tell({ kind, changes: items });
  };
  // What overtakes the answer waits for it.
  hub.on('changes', message => early ? early.push(...message.items) : take('changes', message.items));
  hub.on('positions', message => tell({ kind: 'positions', positions: message.items }));
  hub.on('resync', message => tell({ kind: 'resync', reason: message.reason }));

  await hub.start();
  try {
    const answer = await hub.invoke('Watch', since === undefined ? { topics: ['fleet'] } : { topics: ['fleet'], since });
    tell({ kind: 'watching', sequence: answer.sequence, resumed: answer.resumed, since, missed: answer.changes.length });
    take('missed', answer.changes);
    since = answer.sequence;
    take('changes', early);
    early = null;
    await ended;
  } finally {
    await hub.stop();
  }
}

process.stdin.on('end', () => process.exit(0)).resume();
for (;;) {
  try {
    await follow();
  } catch (fault) {
    tell({ kind: 'lost', reason: fault.message });
  }
  await new Promise(resolve => setTimeout(resolve, 50));
}
