import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFarm } from './farm.js';
import { projectRoot } from './sections.js';
import { shellVariables, writeOptionFile } from './shell.js';
import { renderSvg } from './svg.js';
import { Tmux } from './tmux.js';

/*
 * `make screenshot`: draws the picture of the shell in the README.
 */

const columns = 92;
const rows = 38;
const title = 'A statement, its result, and the completion of the next one in the shell';

/** Types the statements that the picture shows. */
async function typeScene(terminal: Tmux): Promise<void> {
  await terminal.waitForPrompt();
  await terminal.type(
    "select page_id, page_title, page_len, page_lang\n  from page\n where page_title like 'emoji%' or page_id < 3 -- a few\n order by page_id;\n",
  );
  await terminal.waitFor(/rows in set/);
  await terminal.waitForPrompt();
  await terminal.run('use enwiki');
  await terminal.type('select r.rev_id, count(*) from revision r where r.rev_');
  await terminal.waitFor(/r\.rev_$/);
  const showsMenu = async () => {
    await terminal.press('Tab');
    const menu = /rev_actor[\s\S]*rev_comment_id/;
    return terminal.waitFor(menu, { timeout: 500 }).then(
      () => true,
      () => false,
    );
  };
  await terminal.waitUntil('the menu of columns', showsMenu);
}

async function main(): Promise<void> {
  const [path = join('test', 'shell', 'shell.svg')] = process.argv.slice(2);
  const farm = await startFarm({ sections: ['s1', 's2'] });
  const directory = mkdtempSync(join(tmpdir(), 'screenshot-'));
  const optionFile = join(directory, 'client.cnf');
  writeOptionFile(farm, optionFile);
  const { PATH: _, ...env } = shellVariables(farm);
  const command = [join(projectRoot, 'bin', 'analytics-mysql')];
  const args = [`--defaults-extra-file=${optionFile}`, 'itwiki'];
  let terminal: Tmux | undefined;
  try {
    terminal = await Tmux.start([...command, ...args], { columns, rows, env });
    await typeScene(terminal);
    writeFileSync(path, renderSvg(await terminal.screenWithColors(), columns, title));
    console.log(`Drawn: ${path}`);
  } finally {
    await terminal?.close();
    await farm.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

void main();
