import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clock, day, dayOfWeek, moment, weekday } from '../src/i18n/format.ts';
import { fieldOf, timeOfField } from '../src/i18n/zone.ts';
import { dayOf } from '../src/panel/day.ts';
import { daysUntil } from '../src/panel/facts.ts';
import { at, dayName, later } from '../src/work/day.ts';

const zones = ['America/New_York', 'Pacific/Auckland', 'Europe/Amsterdam', 'UTC'];
const iso = (time: number) => new Date(time).toISOString();

for (const zone of zones) {
  test(`times and days are those of the Netherlands on a computer in ${zone}`, () => {
    const before = process.env['TZ'];
    process.env['TZ'] = zone;
    try {
      const late = '2026-12-01T23:30:00Z';
      assert.deepEqual([clock(late), clock(late, true), day(late), moment(late)], ['00:30', '00:30:00', '2 Dec 2026', '2 Dec 00:30']);
      assert.match(dayOfWeek(late), /^Wed,? 2 Dec$/);
      assert.deepEqual([day('2026-12-01'), weekday('sunday')], ['1 Dec 2026', 'Sun']);
      assert.deepEqual([dayName(Date.parse(late)), iso(at('2026-12-02', 0.5)), later('2026-12-31', 1)], ['2026-12-02', '2026-12-01T23:30:00.000Z', '2027-01-01']);
      assert.deepEqual([fieldOf(Date.parse(late)), iso(timeOfField('2026-12-02T00:30')), timeOfField('')], ['2026-12-02T00:30', '2026-12-01T23:30:00.000Z', NaN]);
      assert.deepEqual([daysUntil('2026-12-02', Date.parse(late)), daysUntil('2026-12-01', Date.parse(late))], [0, -1]);
    } finally {
      process.env['TZ'] = before;
    }
  });

  test(`the days on which the clocks change have 23 and 25 hours on a computer in ${zone}`, () => {
    const before = process.env['TZ'];
    process.env['TZ'] = zone;
    try {
      const hours = (day: string) => {
        const [from, to] = dayOf(at(day, 12));
        return (to.getTime() - from.getTime()) / 3_600_000;
      };
      assert.deepEqual([hours('2026-03-29'), hours('2026-10-25'), hours('2026-12-01')], [23, 25, 24]);
      assert.deepEqual([iso(at('2026-03-29', 1.75)), iso(at('2026-03-29', 3)), iso(at('2026-10-25', 2.5)), iso(at('2026-10-25', 3))],
        ['2026-03-29T00:45:00.000Z', '2026-03-29T01:00:00.000Z', '2026-10-25T00:30:00.000Z', '2026-10-25T02:00:00.000Z']);
      // An hour that no clock shows is the one after it.
      assert.equal(iso(at('2026-03-29', 2.5)), '2026-03-29T01:30:00.000Z');
      assert.deepEqual([clock('2026-10-25T00:30:00Z'), clock('2026-10-25T01:30:00Z')], ['02:30', '02:30']);
      assert.deepEqual([later('2026-10-24', 1), later('2026-10-25', 1), later('2026-03-29', -1)], ['2026-10-25', '2026-10-26', '2026-03-28']);
    } finally {
      process.env['TZ'] = before;
    }
  });
}
