import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';

/** Expands `~/x` and `~user/x`; leaves the name of an unknown user unchanged. */
export function expandHome(path: string): string {
  const [, user, rest] = /^~([^/]*)(\/.*)$/s.exec(path) ?? [];
  if (user === undefined || rest === undefined) return path;
  const home = user === '' ? (process.env.HOME ?? homedir()) : findHome(user);
  return home === undefined ? path : `${home}${rest}`;
}

function findHome(user: string): string | undefined {
  try {
    const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
    return lines.find((line) => line.startsWith(`${user}:`))?.split(':')[5];
  } catch {
    return undefined;
  }
}
