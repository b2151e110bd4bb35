import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clientBuffer } from '../../output/output-buffer.js';
import type { Command } from './context.js';

/**
 * `edit`: the statement that is being collected goes through an editor, in batch too. As in the
 * client: $EDITOR, else $VISUAL, else vi; if it fails, that is told and nothing changes.
 */
export const edit: Command = async ({ pending, line }, context) => {
  // Loaded late, as few scripts need it.
  const { spawn } = process.getBuiltinModule('node:child_process');
  const folder = mkdtempSync(join(tmpdir(), 'sql'));
  const file = join(folder, 'statement');
  try {
    writeFileSync(file, pending, { mode: 0o600 });
    const command = `${process.env.EDITOR ?? process.env.VISUAL ?? 'vi'} ${file}`;
    await context.out.sendBlocks(clientBuffer);
    const status = await new Promise<number | null>((resolve) => {
      const child = spawn('/bin/sh', ['-c', command], { argv0: 'sh', stdio: 'inherit' });
      child.on('error', () => resolve(null));
      child.on('close', resolve);
    });
    if (status !== 0) return context.remark(`Command '${command}' failed`, line);
    context.reader.pending = readFileSync(file);
    return 'continue';
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
