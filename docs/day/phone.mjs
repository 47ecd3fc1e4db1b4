// A dispatcher's screen while the phone rings: says in a line each what it would show, and when. It also writes every change with the moment
// at which it came, as a line of JSON, into a file.
// node phone.mjs <url> <file> <vehicle>, with the access token in SCREEN_TOKEN. It ends when its input does.
import { appendFileSync, writeFileSync } from 'node:fs';
import { HttpTransportType, HubConnectionBuilder, LogLevel } from '@microsoft/signalr';

const [url, file, vehicle] = process.argv.slice(2);
const hub = new HubConnectionBuilder()
  .withUrl(`${url}/hubs/dispatch`, { accessTokenFactory: () => process.env.SCREEN_TOKEN, transport: HttpTransportType.WebSockets, skipNegotiation: true })
  .configureLogging(LogLevel.Error)
  .build();

const clock = moment => new Date(moment).toLocaleTimeString('nl-NL', { hour12: false, timeZone: 'Europe/Amsterdam' });
const say = text => console.log(`   ${clock(Date.now())}.${String(Date.now() % 1000).padStart(3, '0')}  ${text}`);
const names = people => people.map(person => person.name).join(', ');

/** The call whose card is open, and the visit that it is about. */
let open = null;
let van = null;

function visitOf(card) {
  return card.candidates?.find(candidate => candidate.visitToday)?.visitToday ?? null;
}

function showCard(data) {
  const { card } = data;
  const who = card.candidates?.map(candidate => candidate.name).join(' or ') || card.internalName || 'somebody unknown';
  const rings = card.ringingOn.length ? `, rings at ${names(card.ringingOn)}` : '';
  say(`CALL  ${data.callerNumber ?? 'withheld'}: ${who}, on ${data.line?.name ?? 'an unknown line'}${rings}`);
  if (open?.id !== data.id) {
    for (const candidate of card.candidates ?? []) {
      const visit = candidate.visitToday;
      if (visit) {
        say(`      today ${visit.number}, ${visit.status}, ${clock(visit.scheduledStart)} to ${clock(visit.scheduledEnd)}`);
        say(`      van ${visit.licensePlate}, seen ${visit.positionAgeSeconds ?? '?'} s ago`);
      }

      candidate.openOrders?.forEach(order => say(`      order ${order.orderNumber}: ${order.orderStatus}`));
      for (const { subject, waitingSince } of candidate.openThreads ?? []) {
        say(`      thread "${subject}"${waitingSince ? `, waits since ${clock(waitingSince)}` : ''}`);
      }
    }
  }

  open = { id: data.id, visit: visitOf(card) };
  void showVan();
}

/** Where the van is, and when it is expected, as long as the card is in sight. */
async function showVan() {
  if (!open?.visit || !van) {
    return;
  }

  const day = new Date();
  const [from, to] = [new Date(day.getTime() - 43_200_000), new Date(day.getTime() + 43_200_000)].map(time => time.toISOString());
  const headers = { Authorization: `Bearer ${process.env.SCREEN_TOKEN}` };
  const answer = await fetch(`${url}/api/schedule?from=${from}&to=${to}&vehicleId=${vehicle}`, { headers });
  const expected = answer.ok && (await answer.json()).find(one => one.visit.id === open?.visit.id)?.forecast?.arrival.expected;
  const place = `${van.latitude.toFixed(4)}, ${van.longitude.toFixed(4)}`;
  say(`VAN   ${open?.visit.licensePlate} at ${place}, ${Math.round(van.speedKmh ?? 0)} km/h${expected ? `, expected ${clock(expected)}` : ''}`);
}

function show({ type, data }) {
  switch (type) {
    case 'call.ringing':
      showCard(data);
      return;
    case 'call.declined':
      say(`      ${data.agent.name} declines`);
      return;
    case 'call.answered':
      say(`      taken by ${names(data.legs.filter(leg => leg.answeredAt).map(leg => leg.agent))}: the card closes at all others`);
      return;
    case 'call.ended':
      say(`      over, ${data.status}`);
      open = null;
      return;
    case 'call.updated':
      if (data.duration != null) {
        say(`      lasted ${data.duration} s: ${data.legs.map(leg => `${leg.agent.name} ${leg.talkSeconds} s`).join(', ')}`);
      }

      return;
    default:
  }
}

function tell(changes) {
  for (const change of changes) {
    appendFileSync(file, `${JSON.stringify({ ...change, seenAt: Date.now() })}\n`);
    show(change);
  }
}

let early = [];
// What overtakes the answer waits for it.
hub.on('changes', message => early ? early.push(...message.items) : tell(message.items));
let shown = 0;
hub.on('positions', message => {
  van = message.items.find(item => item.vehicleId === vehicle) ?? van;
  if (open && Date.now() - shown > 1_900) {
    shown = Date.now();
    void showVan();
  }
});
hub.on('resync', message => { console.error(`resync: ${message.reason}`); process.exit(1); });
hub.onclose(fault => { console.error(`closed: ${fault?.message ?? 'by the host'}`); process.exit(1); });

writeFileSync(file, '');
await hub.start();
const answer = await hub.invoke('Watch', { topics: ['fleet', 'orders', 'visits', 'threads', 'calls'], vehicleIds: [vehicle] });
tell(early.filter(change => change.sequence > answer.sequence));
early = null;
console.log(`   the screen watches, from change ${answer.sequence} on`);
process.stdin.on('end', () => process.exit(0)).resume();
