import type { WikiOutcome } from './outcome.js';

/** The statistics of a run: workers update them; the progress display and the summary read them. */
export class RunStats {
  /** The number of wikis in the whole run, including those that a resumed run finished. */
  readonly total: number;
  /** When the run began, in milliseconds of `process.uptime`. */
  readonly startTime = process.uptime() * 1000;
  readonly outcomes: WikiOutcome[] = [];
  /** The end time of each of `outcomes`, in milliseconds since 1970. */
  readonly endTimes: number[] = [];
  /** Start of the first attempt at each running wiki, in milliseconds of `process.uptime`. */
  readonly running = new Map<string, number>();
  ok = 0;
  skipped = 0;
  failed = 0;
  alreadyDone = 0;
  /** Wikis with a result: those that are ok, in this run or in the resumed one. */
  withResult = 0;
  /** Rows and their bytes received so far, including those of running attempts. */
  rows = 0;
  bytes = 0;

  constructor(total: number) {
    this.total = total;
  }

  /** The number of wikis that are done, failed or skipped. */
  get ended(): number {
    return this.ok + this.skipped + this.failed + this.alreadyDone;
  }

  /** Records the start of an attempt; only the first one of each wiki counts. */
  beginWiki(wiki: string): void {
    if (!this.running.has(wiki)) this.running.set(wiki, process.uptime() * 1000);
  }

  /** Adds received rows; negative numbers subtract those of a discarded attempt. */
  addRows(rows: number, bytes: number): void {
    this.rows += rows;
    this.bytes += bytes;
  }

  endWiki(outcome: WikiOutcome): void {
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
