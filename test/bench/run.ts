import { measureManyWikis } from './lines/many.js';
import { measureMemory, measureReplay, measureShapes } from './lines/replayed.js';
import { measureConnections, measureRows } from './lines/rows.js';
import { measureDump, measureScripts } from './lines/scripts.js';
import { measureStart } from './lines/start.js';
import { measureTable } from './lines/table.js';
import { type Figure, World } from './world.js';

/** All measurements, in order; `BENCH=rows,table make bench` runs only these two. */
const lines: Record<string, (world: World) => Promise<Figure[]>> = {
  start: measureStart,
  rows: measureRows,
  replay: measureReplay,
  shapes: measureShapes,
  memory: measureMemory,
  ways: measureConnections,
  table: measureTable,
  dump: measureDump,
  scripts: measureScripts,
  many: measureManyWikis,
};

function print(work: string, measured: string, aim: string, verdict: string): void {
  console.log(`${work.padEnd(62)} ${measured.padStart(30)}   ${aim.padEnd(8)} ${verdict}`);
}

function printFigure({ work, measured, aim = '' }: Figure): void {
  const number = typeof measured === 'number';
  const inMegabytes = aim.endsWith('MB') ? `${Number(measured).toFixed(0)} MB` : undefined;
  const text = number ? (inMegabytes ?? measured.toFixed(2)) : measured;
  print(work, text, aim, number ? compareWithAim(measured, aim) : '');
}

/** Compares a figure with its aim, such as `≤ 90 MB` or `≥ 5`; returns '' for an empty aim. */
function compareWithAim(measured: number, aim: string): string {
  if (aim === '') return '';
  const [relation, limit = ''] = aim.split(' ');
  const met = relation === '≤' ? measured <= Number(limit) : measured >= Number(limit);
  return met ? 'met' : 'MISSED';
}

async function main(): Promise<void> {
  const names = (process.env.BENCH ?? Object.keys(lines).join()).split(',');
  const unknown = names.filter((name) => lines[name] === undefined);
  if (unknown.length > 0) {
    throw new Error(`unknown line '${unknown.join()}': use ${Object.keys(lines).join(', ')}`);
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
