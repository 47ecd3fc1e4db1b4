import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { en } from '../src/i18n/en.ts';
import { nl } from '../src/i18n/nl.ts';

const holes = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([hole]) => hole).sort();

test('both languages fill the same holes', () => {
  for (const key of Object.keys(en) as (keyof typeof en)[]) {
    assert.deepEqual(holes(nl[key]), holes(en[key]), key);
  }
});

test('every text is used, by its name or by a name of the server', () => {
  const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter(name => /\.(ts|html)$/.test(name) && !/i18n.(en|nl)\.ts$/.test(name)).map(name => readFileSync(join('src', name), 'utf8')).join('\n');
  const made = /^(freshness|condition|audit|action|event|field|refused|type|why|direction|column|inbox|visitStatus|visitType|visitAction|orderStatus|orderType|orderAction|priority|brand|channel|threadStatus|messageStatus|callStatus|mood|punctuality|skill|found|rule|write|sort|wall|sound)\./;
  for (const key of Object.keys(en)) {
    assert.ok(made.test(key) || sources.includes(`'${key}'`) || sources.includes(`"${key}"`), `${key} is not used`);
  }
});
