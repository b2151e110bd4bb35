import { many } from './lines/many.js';
import { memory, replayedRows, replayedShapes } from './lines/replayed.js';
import { manyRows, otherWays } from './lines/rows.js';
import { dump, scripts } from './lines/scripts.js';
import { start } from './lines/start.js';
import { table } from './lines/table.js';
import { type Figure, World } from './world.js';

/** What is measured, in this order; `BENCH=rows,table make bench` measures these alone. */
const lines: Record<string, (world: World) => Promise<Figure[]>> = {
  start,
  rows: manyRows,
  replay: replayedRows,
  shapes: replayedShapes,
  memory,
  ways: otherWays,
  table,
  dump,
  scripts,
  many,
};

function print(work: string, measured: string, aim: string, verdict: string): void {
  console.log(`${work.padEnd(62)} ${measured.padStart(30)}   ${aim.padEnd(8)} ${verdict}`);
}

function printFigure({ work, measured, aim = '' }: Figure): void {
  const number = typeof measured === 'number';
  const inMegabytes = aim.endsWith('MB') ? `${Number(measured).toFixed(0)} MB` : undefined;
  const text = number ? (inMegabytes ?? measured.toFixed(2)) : measured;
  print(work, text, aim, number ? verdictOn(measured, aim) : '');
}

/** `aim`: `≤ 90 MB`, `≥ 5`; empty where there is none. */
function verdictOn(measured: number, aim: string): string {
  if (aim === '') return '';
  const [relation, limit = ''] = aim.split(' ');
  const met = relation === '≤' ? measured <= Number(limit) : measured >= Number(limit);
  return met ? 'met' : 'MISSED';
}

async function main(): Promise<void> {
  const names = (process.env.BENCH ?? Object.keys(lines).join()).split(',');
  const unknown = names.filter((name) => lines[name] === undefined);
  if (unknown.length > 0) {
    throw new Error(`no line ${unknown.join()}; there are ${Object.keys(lines).join(', ')}`);
  }
  const world = await World.start();
  try {
    print('work', 'measured (median)', 'aim', '');
    for (const name of names)
      for (const figure of (await lines[name]?.(world)) ?? []) printFigure(figure);
  } finally {
    await world.stop();
  }
}

void main();
