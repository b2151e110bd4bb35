import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './places.js';

/** Milliseconds since 1970 of the newest file or directory below `path`. */
function newest(path: string): number {
  const status = statSync(path);
  if (!status.isDirectory()) return status.mtimeMs;
  return Math.max(status.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/** Builds what bin/analytics-mysql runs, unless the build is newer than all that it is made of. */
export function ensureBuild(): void {
  const dist = join(projectRoot, 'dist');
  const sources = ['src', 'package.json', 'package-lock.json'].map((name) =>
    join(projectRoot, name),
  );
  if (existsSync(dist) && statSync(dist).mtimeMs > Math.max(...sources.map(newest))) return;
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: projectRoot, stdio: 'inherit' });
}
