import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './sections.js';

/** Returns the latest modification time at or below `path`, in milliseconds since 1970. */
function newestTime(path: string): number {
  const status = statSync(path);
  if (!status.isDirectory()) return status.mtimeMs;
  return Math.max(status.mtimeMs, ...readdirSync(path).map((name) => newestTime(join(path, name))));
}

/** Builds bin/analytics-mysql, unless the build is newer than all of its sources. */
export function ensureBuild(): void {
  const dist = join(projectRoot, 'dist');
  const sources = ['src', 'package.json', 'package-lock.json'].map((name) =>
    join(projectRoot, name),
  );
  if (existsSync(dist) && statSync(dist).mtimeMs > Math.max(...sources.map(newestTime))) return;
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: projectRoot, stdio: 'inherit' });
}
