import type { WikiOutcome } from './outcome.js';

/** How far a run is: what the runner writes down, and the progress bar reads. */
export class RunStats {
  /** Of the whole run, those among them that were finished before. */
  readonly total: number;
  /** When the run began, in milliseconds of `process.uptime`. */
  readonly started = process.uptime() * 1000;
  readonly outcomes: WikiOutcome[] = [];
  /** When each of `outcomes` came, in milliseconds since 1970. */
  readonly endTimes: number[] = [];
  /** Wiki → when its first attempt began, in milliseconds of `process.uptime`. */
  readonly running = new Map<string, number>();
  ok = 0;
  skipped = 0;
  failed = 0;
  alreadyDone = 0;
  /** Wikis with a result: those that are ok, in this run or in the one that is resumed. */
  withResult = 0;
  /** Rows and their bytes that have come, of attempts under way too. */
  rows = 0;
  bytes = 0;

  constructor(total: number) {
    this.total = total;
  }

  /** Wikis that need no more work. */
  get ended(): number {
    return this.ok + this.skipped + this.failed + this.alreadyDone;
  }

  /** An attempt at a wiki begins; the first counts. */
  begin(wiki: string): void {
    if (!this.running.has(wiki)) this.running.set(wiki, process.uptime() * 1000);
  }

  /** Rows have come; negative where an attempt is dropped. */
  count(rows: number, bytes: number): void {
    this.rows += rows;
    this.bytes += bytes;
  }

  end(outcome: WikiOutcome): void {
    this.running.delete(outcome.wiki);
    this.outcomes.push(outcome);
    this.endTimes.push(Date.now());
    switch (outcome.outcome) {
      case 'ok':
        this.ok++;
        this.withResult++;
        break;
      case 'skipped':
        this.skipped++;
        break;
      case 'failed':
        this.failed++;
        break;
      case 'finished-before':
        this.alreadyDone++;
        if (outcome.result?.outcome !== 'skipped') this.withResult++;
        break;
    }
  }
}
