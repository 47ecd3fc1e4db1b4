import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, test } from 'node:test';
import { Problem, problemWords, reasonOf, wordsOf, wordsOfReading } from '../src/api/problem.ts';
import type { Change } from '../src/api/types.ts';
import { describe } from '../src/events/describe.ts';
import { en } from '../src/i18n/en.ts';
import { setLanguage } from '../src/i18n/language.ts';
import { nl } from '../src/i18n/nl.ts';
import { fields, silentFields, stepOf } from '../src/panel/fields.ts';
import { silentReasons, writeReason } from '../src/panel/history.ts';

// What the server may name, read from its code: a name that is added there and not here fails.
const sources = (folder: string) => readdirSync(join('..', folder), { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.cs') && !/(^|[\\/])(obj|bin)[\\/]/.test(name))
  .map(name => readFileSync(join('..', folder, name), 'utf8')).join('\n');
/** A file of a project by its name: it may move from folder to folder. */
const file = (project: string, name: string) => {
  const found = readdirSync(join('..', project), { recursive: true, encoding: 'utf8' })
    .filter(path => path.split(/[\\/]/).at(-1) === name && !/(^|[\\/])(obj|bin)[\\/]/.test(path));
  assert.equal(found.length, 1, `${project} has ${found.length} files ${name}.`);
  return readFileSync(join('..', project, found[0]!), 'utf8');
};
const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(found => found[1]!);
const snake = (name: string) => name.replaceAll(/(?!^)[A-Z]/g, start => `_${start}`).toLowerCase();
const membersOf = (text: string, name: string) => all(new RegExp(`enum ${name}\\s*{([^}]*)}`).exec(text)![1]!, /^ {4}(\w+),/gm).map(snake);

const named = (keys: readonly string[]) => {
  assert.ok(keys.length, 'The pattern finds nothing in the code any more.');
  assert.deepEqual(keys.filter(key => !Object.hasOwn(en, key)), []);
};

const page = { documentElement: { lang: '' }, title: '', querySelectorAll: () => [] };
const inDutch = () => {
  Object.defineProperty(globalThis, 'document', { value: page, configurable: true });
  setLanguage('nl');
};
afterEach(() => {
  Object.defineProperty(globalThis, 'document', { value: page, configurable: true });
  setLanguage('en');
});

test('every change that the hub tells of the fleet has a name', () => {
  const code = sources('Grains');
  const made: Readonly<Record<string, readonly string[]>> = {
    'vehicle.{kind}_due': ['vehicle.maintenance_due', 'vehicle.insurance_due'],
    'geofence.{word}': ['geofence.entered', 'geofence.left'],
  };
  const types = all(code, /"((?:vehicle|geofence|status)\.[a-z_]+)"/g);
  const patterns = all(code, /\$"((?:vehicle|geofence|status)\.[^"]*\{[^"]*)"/g);
  assert.deepEqual(patterns.filter(pattern => !made[pattern]), []);
  named([...types, ...patterns.flatMap(pattern => made[pattern]!), 'status.overdue'].map(type => `event.${type}`));
});

test('every field of a vehicle has a name and a format, or says nothing to a reader', () => {
  const properties = /^ {4}(?:\[Id\(\d+\)\] )?public (?!static|override)[\w?<>]+ (\w+) \{ get;/gm;
  const details = file('Grains.Abstractions', 'VehicleDetails.cs');
  const own = file('Grains.Abstractions', 'Vehicle.cs').split('record VehicleSnapshot')[0]!;
  const names = [...all(details.split('record EquipmentList')[0]!, properties), ...all(own.slice(own.indexOf('record Vehicle :')), properties)]
    .map(name => name[0]!.toLowerCase() + name.slice(1)).filter(name => !silentFields.has(name));
  assert.deepEqual(names.filter(name => !fields[name]), []);
  named(names.map(name => `field.${name}`));
  named(membersOf(details, 'VehicleType').map(type => `type.${type}`));
  named(membersOf(details, 'VehicleStatus'));
  named(membersOf(details, 'EquipmentCondition').map(condition => `condition.${condition}`));
  named(membersOf(file('Grains.Abstractions', 'VehicleCommand.cs'), 'VehicleAction').map(action => `action.${action}`));
});

test('every reason that the program itself gives has a name, or says nothing to a reader', () => {
  const commands = all(file('Grains.Abstractions', 'VehicleCommand.cs'), /sealed record (\w+)/g)
    .map(name => name.replaceAll(/(?!^)[A-Z]/g, start => ` ${start.toLowerCase()}`));
  const [, moved, stopped] = /driving \? "(\w+)" : "(\w+)"/.exec(file('Grains', 'VehicleDecider.cs'))!;
  named([...commands.filter(command => !silentReasons.has(command)), moved!, stopped!].map(reason => `why.${reason}`));
  const unmet = [...all(file('Grains', 'VehicleTransitions.cs'), /new\("(the [^"]+)"/g), ...all(file('Grains', 'TransitionTable.cs'), /\[\$?"(the [^"]+)"\]/g)]
    .map(text => text.replace(/\{.*\}/, 'parked'));
  assert.ok(unmet.length === 2 && unmet.every(text => reasonOf(text) !== text || text.startsWith('the status is')), unmet.join('; '));
});

test('every reason for which fixes are refused has words, but for those that are no fault', () => {
  const outcomes = membersOf(file('Grains.Abstractions', 'PositionFix.cs'), 'FixOutcome');
  const faultless = ['accepted', 'stored', 'unknown_vehicle', 'duplicate', 'off_hours'];
  const own = all(file('Grains', 'RefusalCount.cs'), /const string \w+ = "(\w+)"/g);
  named([...outcomes.filter(outcome => !faultless.includes(outcome)), ...own].map(reason => `refused.${reason}`));
});

test('every status, kind and action of the work has a name', () => {
  const words = (prefix: string, name: string, enumeration: string, separator = '_') =>
    named(membersOf(file('Grains.Abstractions', name), enumeration).map(member => `${prefix}.${member.replaceAll('_', separator)}`));
  words('visitStatus', 'VisitEnums.cs', 'VisitStatus');
  words('visitType', 'VisitEnums.cs', 'VisitType');
  words('visitAction', 'VisitEnums.cs', 'VisitAction', '-');
  words('orderStatus', 'OrderEnums.cs', 'OrderStatus');
  words('orderType', 'OrderEnums.cs', 'OrderType');
  words('orderAction', 'OrderEnums.cs', 'OrderAction', '-');
  words('priority', 'OrderEnums.cs', 'PriorityLevel');
  words('brand', 'BusinessEntity.cs', 'BusinessEntity');
  words('channel', 'ChannelType.cs', 'ChannelType');
  words('threadStatus', 'CommunicationThread.cs', 'ThreadStatus');
  words('messageStatus', 'MessageDelivery.cs', 'MessageStatus');
  words('callStatus', 'Call.cs', 'CallStatus');
  words('alert', 'AlertEnums.cs', 'AlertType');
  words('sound', 'UserPreferences.cs', 'SoundLevel');
  named(membersOf(file('Grains', 'Violation.cs'), 'RouteRule').map(rule => `rule.${rule}`));
  named(membersOf(file('Grains', 'VisitForecast.cs'), 'Punctuality').map(word => `punctuality.${word}`));
});

test('every problem that an endpoint answers has words', () => {
  const answers = [...sources('Api').matchAll(/(?:ProblemAnswers\.|IResult |=> |\()Of\(/g)].map(({ index, input }) => input.slice(index, index + 300));
  const codes = [
    ...answers.flatMap(text => all(text.split(/"[A-Z]/)[0]!, /"([a-z]+(?:-[a-z]+)*)"/g)),
    ...all(sources('Grains/Platform/Entities'), /new Conflict\("([a-z_]+)"/g).map(code => code.replaceAll('_', '-')),
  ];
  assert.ok(codes.length > 10 && codes.includes('transition-refused') && codes.includes('command-id-used'), codes.join());
  assert.deepEqual([...new Set(codes)].filter(code => !problemWords[code]), []);
});

test('what the server tells is Dutch to a Dutch reader', () => {
  inDutch();
  const change = (type: string, data: Record<string, unknown>): Change => ({ sequence: 1, type, entityType: 'vehicle', entityId: 'a', at: '', data });
  assert.equal(describe(change('vehicle.positions_removed', { source: 'ulu', reason: 'its driver calls the trip private' })), nl['event.vehicle.positions_removed']);
  assert.equal(describe(change('geofence.created', { name: 'Depot' })), 'Nieuw gebied Depot');
  assert.equal(describe(change('vehicle.maintenance_due', { dueDate: '2026-03-04' })), 'Onderhoud voor 4 mrt 2026');
  assert.equal(stepOf('mileageKm', 80_000, 80_012), '80.000 km → 80.012 km');
  assert.equal(stepOf('isAvailable', true, false), 'ja → nee');
  assert.equal(stepOf('insuranceExpiry', null, '2026-03-04'), '– → 4 mrt 2026');
  assert.equal(stepOf('operationalStatus', 'parked', 'on_site'), 'Geparkeerd → Op locatie');
  assert.equal(stepOf('equipmentList', null, { equipment: [{}, {}] }), '– → 2 stuks');
  assert.equal(
    stepOf('workingHours', null, { windows: [{ days: ['monday', 'tuesday'], from: '07:00:00', to: '18:00:00' }] }), 'altijd → ma di 07:00–18:00');
  assert.deepEqual(['moved', 'Revise vehicle', 'nieuwe banden'].map(writeReason), ['weggereden', '', 'nieuwe banden']);
});

test('a problem is told by its code in the reader’s language, and in the server’s words only where the code is not known', async () => {
  inDutch();
  const of = async (status: number, body: unknown) => wordsOf(await Problem.of(new Response(JSON.stringify(body), { status })));
  const refused = { type: '/problems/transition-refused', detail: "'drive' is not possible", from: 'maintenance', unmet: [] };
  assert.equal(await of(409, refused), 'Kan niet: de status is onderhoud');
  assert.equal(await of(409, { ...refused, unmet: ['the vehicle is not in active use (isActive)'] }), 'Kan niet: de bus is buiten gebruik');
  assert.equal(await of(503, { type: '/problems/try-again', detail: 'Send it again.' }), nl.problemLater);
  assert.equal(await of(400, { type: '/problems/validation', detail: 'See errors.', errors: { reason: ['must be at most 500 characters'] } }), 'Niet geldig: reden.');
  assert.equal(await of(418, { type: '/problems/teapot', detail: 'I am a teapot.' }), 'I am a teapot.');
  assert.equal(wordsOf(new Problem(0, 'Failed to fetch')), nl.noAnswer);
});

test('a moment before everything that is on record is told as such, and any other fault as it is', () => {
  const fault = (fields: Readonly<Record<string, unknown>>) => new Problem(400, 'The request has fields that are not valid; see errors.', { type: '/problems/validation', errors: fields });
  assert.equal(wordsOfReading(fault({ at: ['must not be before 2026-11-30T16:00:00.000Z, when the record of changes begins'] })), 'Nothing is on record of that moment.');
  assert.equal(wordsOfReading(fault({ day: ['must be a date'] })), wordsOf(fault({ day: ['must be a date'] })));
});
