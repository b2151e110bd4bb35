import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, inject, it } from 'vitest';
import { describeFarm, readRunningFarm } from './running-farm.js';

const directory = mkdtempSync(join(tmpdir(), 'running-farm-'));
afterAll(() => rmSync(directory, { recursive: true }));

const farm = { ...inject('farm'), directory };

it('reads the description of a farm back; only its owner can read the file', () => {
  const path = describeFarm(farm);
  expect(readRunningFarm(path)).toEqual(farm);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it('refuses a farm that has stopped', () => {
  expect(() => readRunningFarm(join(directory, 'nowhere.json'))).toThrow(/have stopped/);
});

it('refuses a farm that other code has started', () => {
  const path = describeFarm(farm);
  const description = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(path, JSON.stringify({ ...description, setup: 'other' }));
  expect(() => readRunningFarm(path)).toThrow(/another version of test\/farm/);
});
