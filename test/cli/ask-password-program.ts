import { spawnSync } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { askPassword } from '../../src/cli/ask-password.js';
import { Failure } from '../../src/failure.js';

/**
 * Asks for a password, then prints it, the echo mode of the terminal, and the rest of the input.
 */
async function run(): Promise<void> {
  try {
    console.log('password', JSON.stringify(await askPassword()));
  } catch (error) {
    console.log('failed', error instanceof Failure ? `${error.code} ${error.exitStatus}` : error);
  }
  const { stdout } = spawnSync('stty', ['-a'], { stdio: ['inherit', 'pipe', 'ignore'] });
  if (process.stdin.isTTY) console.log(`echo ${/ echo /.test(stdout.toString())}`);
  else console.log('rest', JSON.stringify(await text(process.stdin)));
}

void run();
