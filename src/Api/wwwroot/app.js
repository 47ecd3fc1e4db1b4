'use strict';
// The plain screen: no build step, no library. The hub speaks SignalR's JSON protocol; what is needed of it stands in Hub.
const $ = id => document.getElementById(id);

class Hub {
  constructor(address, token, handlers) {
    Object.assign(this, { address, token, handlers, next: 1, waiting: new Map() });
  }

  open() {
    return new Promise((resolve, reject) => {
      const socket = this.socket = new WebSocket(`${this.address}?access_token=${encodeURIComponent(this.token)}`);
      let shaken = false;
      socket.onopen = () => socket.send('{"protocol":"json","version":1}\x1e');
      socket.onmessage = event => {
        this.heard = Date.now();
        for (const text of event.data.split('\x1e').filter(Boolean)) {
          const message = JSON.parse(text);
          if (!shaken) {
            shaken = true;
            if (message.error) { reject(new Error(message.error)); socket.close(); } else resolve();
          } else this.take(message);
        }
      };
      socket.onclose = () => {
        clearInterval(this.pulse);
        reject(new Error('closed'));
        for (const call of this.waiting.values()) call.reject(new Error('closed'));
        this.waiting.clear();
        if (shaken) this.handlers.closed();
      };
      this.heard = Date.now();
      // Our pings keep the server content; its own tell us that the line is not dead.
      this.pulse = setInterval(() => {
        if (Date.now() - this.heard > 30000) socket.close();
        else if (shaken && socket.readyState === WebSocket.OPEN) socket.send('{"type":6}\x1e');
      }, 10000);
    });
  }

  take(message) {
    if (message.type === 1) this.handlers[message.target]?.(...message.arguments);
    else if (message.type === 3) {
      const call = this.waiting.get(message.invocationId);
      this.waiting.delete(message.invocationId);
      if (message.error) call?.reject(new Error(message.error)); else call?.resolve(message.result);
    } else if (message.type === 7) this.socket.close();
  }

  call(target, ...args) {
    return new Promise((resolve, reject) => {
      const invocationId = String(this.next++);
      this.waiting.set(invocationId, { resolve, reject });
      this.socket.send(JSON.stringify({ type: 1, invocationId, target, arguments: args }) + '\x1e');
    });
  }

  close() { this.socket?.close(); }
}

const vans = new Map();
const pending = [];
let token, refreshToken, hub, sequence, answered = false, failures = 0, challenge = null, session = 0;

function badge(state, text) {
  if ($('badge').textContent === text) return;
  $('badge').dataset.state = state;
  $('badge').textContent = text;
}

async function post(path, body) {
  const response = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw Object.assign(new Error(answer.detail || answer.title || `The server answered ${response.status}.`), { status: response.status });
  return answer;
}

$('login').addEventListener('submit', async event => {
  event.preventDefault();
  const form = event.target;
  $('fault').textContent = '';
  form.querySelector('button').disabled = true;
  try {
    const answer = challenge
      ? await post('/api/auth/two-factor', { challenge, code: form.code.value })
      : await post('/api/auth/login', { email: form.email.value, password: form.password.value });
    if (answer.twoFactorRequired) {
      challenge = answer.challenge;
      $('code').hidden = false;
      form.code.focus();
    } else {
      form.reset();
      start(answer);
    }
  } catch (fault) {
    challenge = null;
    $('code').hidden = true;
    $('fault').textContent = fault.message;
  } finally {
    form.querySelector('button').disabled = false;
  }
});

$('leave').addEventListener('click', () => {
  fetch('/api/auth/logout', { method: 'POST', headers: { authorization: `Bearer ${token}` } }).catch(() => {});
  stop('');
});

// The dashboard is opened by its address, which carries no header: a cookie for it alone is asked for first.
$('runtime').addEventListener('click', async () => {
  const page = window.open('', '_blank');
  const answer = await fetch('/api/auth/dashboard', { method: 'POST', headers: { authorization: `Bearer ${token}` } }).catch(() => null);
  if (answer?.ok) page.location = '/dashboard/';
  else page.close();
});

function start(answer) {
  ({ accessToken: token, refreshToken } = answer);
  challenge = null;
  sequence = undefined;
  session++;
  $('login').hidden = $('code').hidden = true;
  $('live').hidden = $('leave').hidden = false;
  $('runtime').hidden = !answer.user.permissions.includes('system.dashboard');
  connect(session);
}

function stop(reason) {
  session++;
  hub?.close();
  token = refreshToken = undefined;
  vans.clear();
  $('vans').replaceChildren();
  $('events').replaceChildren();
  $('login').hidden = false;
  $('live').hidden = $('leave').hidden = $('runtime').hidden = true;
  $('fault').textContent = reason;
  badge('off', 'not signed in');
}

async function connect(mine) {
  badge('wait', failures ? 'reconnecting…' : 'connecting…');
  hub = new Hub(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/hubs/dispatch`, token, {
    positions: message => message.items.forEach(move),
    changes: message => answered ? message.items.forEach(change) : pending.push(...message.items),
    resync: () => { sequence = undefined; watch().catch(() => hub.close()); },
    closed: () => retry(mine),
  });
  try {
    await hub.open();
    await watch();
    failures = 0;
  } catch {
    if (hub.socket.readyState === WebSocket.OPEN) hub.close(); // closed() retries
    else retry(mine);
  }
}

let retrying = false;
async function retry(mine) {
  if (mine !== session || retrying) return;
  retrying = true;
  failures++;
  badge('wait', 'reconnecting…');
  // Spread out, so that all screens do not come back in the same moment.
  await new Promise(done => setTimeout(done, Math.min(10000, 250 * 2 ** failures) * (0.5 + Math.random() / 2)));
  retrying = false;
  if (mine !== session) return;
  if (failures >= 2 && refreshToken) {
    try {
      const answer = await post('/api/auth/refresh', { refreshToken });
      if (mine === session) ({ accessToken: token, refreshToken } = answer);
    } catch (fault) {
      if (fault.status === 400 || fault.status === 401) return stop('Your session has ended: sign in again.');
    }
  }
  if (mine === session) connect(mine);
}

async function watch() {
  answered = false;
  pending.length = 0;
  const request = { topics: ['fleet'] };
  if (sequence !== undefined) request.since = sequence;
  const answer = await hub.call('Watch', request);
  if (!answer.resumed) vans.clear();
  answer.vehicles.forEach(van => vans.set(van.id, { ...vans.get(van.id), ...van }));
  answer.changes.forEach(change);
  sequence = answer.sequence;
  answered = true;
  pending.splice(0).forEach(change);
  badge('live', answer.resumed ? `live · resumed after ${answer.changes.length} changes` : 'live');
  draw();
}

function move(item) {
  const van = vans.get(item.vehicleId);
  if (!van || Date.parse(van.lastLocationUpdate) > Date.parse(item.fixTime)) return;
  van.currentLocation = item;
  van.lastLocationUpdate = item.fixTime;
  van.freshness = item.freshness;
  plan();
}

function change(item) {
  if (sequence !== undefined && item.sequence <= sequence && answered) return;
  if (answered) sequence = item.sequence;
  const { type, entityType, entityId, data } = item;
  if (entityType === 'vehicle') {
    const van = vans.get(entityId);
    if (type === 'vehicle.deleted') vans.delete(entityId);
    else if (type === 'vehicle.created' || type === 'vehicle.updated') vans.set(entityId, { ...van, ...data, id: entityId });
    else if (van && type === 'vehicle.status_changed') van.operationalStatus = data.to;
    else if (van && type === 'vehicle.freshness_changed') van.freshness = data.to ?? data.freshness;
  }
  const line = document.createElement('li');
  const time = document.createElement('time');
  time.dateTime = item.at;
  time.textContent = new Date(item.at).toLocaleTimeString();
  const name = data?.licensePlate ?? vans.get(entityId)?.licensePlate ?? '';
  const step = data?.from !== undefined && data?.to !== undefined ? `: ${data.from} → ${data.to}` : '';
  line.append(time, `${type} ${name}${step}`);
  $('events').prepend(line);
  while ($('events').childElementCount > 100) $('events').lastChild.remove();
  plan();
}

// At most once a frame, and each cell only when its text differs: a thousand vans must not cost a thousand layouts.
let planned = false;
function plan() {
  if (!planned) { planned = true; requestAnimationFrame(() => { planned = false; draw(); }); }
}

const columns = [
  ['Plate', van => van.licensePlate ?? ''],
  ['Name', van => van.vehicleName ?? ''],
  ['Status', van => (van.operationalStatus ?? '').replace('_', ' ')],
  ['Freshness', van => van.freshness ?? 'unknown'],
  ['km/h', van => van.currentLocation?.speedKmh != null ? String(Math.round(van.currentLocation.speedKmh)) : '–'],
  ['Position', van => van.currentLocation ? `${van.currentLocation.latitude.toFixed(5)}, ${van.currentLocation.longitude.toFixed(5)}` : '–'],
  ['Age', van => age(van.lastLocationUpdate)],
];
const rows = new Map();

function age(time) {
  if (!time) return '–';
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(time)) / 1000));
  return seconds < 60 ? `${seconds} s` : seconds < 3600 ? `${Math.floor(seconds / 60)} min` : seconds < 172800 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86400)} d`;
}

function draw() {
  for (const [id, row] of rows) if (!vans.has(id)) { row.remove(); rows.delete(id); }
  let added = false;
  for (const [id, van] of vans) {
    let row = rows.get(id);
    if (!row) {
      row = document.createElement('tr');
      for (const [label] of columns) row.insertCell().dataset.label = label;
      rows.set(id, row);
      added = true;
    }
    columns.forEach(([, text], i) => { const now = text(van); if (row.cells[i].textContent !== now) row.cells[i].textContent = now; });
    row.cells[3].dataset.freshness = van.freshness ?? 'unknown';
  }
  if (added || $('vans').childElementCount !== rows.size) {
    $('vans').replaceChildren(...[...rows].sort(([a], [b]) => columns[0][1](vans.get(a)).localeCompare(columns[0][1](vans.get(b)))).map(([, row]) => row));
  }
  $('count').textContent = vans.size;
  $('none').hidden = vans.size > 0;
}

setInterval(() => { if (vans.size) draw(); }, 1000);
