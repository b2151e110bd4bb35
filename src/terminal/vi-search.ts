import { previousGrapheme } from './graphemes.js';

/** The line that `/` or `?` opens, in which the text to search for is typed. */
export class ViSearch {
  readonly direction: 'older' | 'newer';
  query = '';

  constructor(direction: 'older' | 'newer') {
    this.direction = direction;
  }

  get prompt(): string {
    return this.direction === 'older' ? '/' : '?';
  }

  type(text: string): void {
    this.query += text;
  }

  /** Handles a key. `run` ends the line and runs the search, `dropped` ends it without one. */
  handleKey(name: string, text: string): 'goes-on' | 'run' | 'dropped' {
    switch (name) {
      case 'return':
        return 'run';
      case 'escape':
      case 'ctrl-c':
      case 'ctrl-g':
        return 'dropped';
      case 'backspace':
      case 'ctrl-h':
        if (this.query === '') return 'dropped';
        this.query = this.query.slice(0, previousGrapheme(this.query, this.query.length));
        return 'goes-on';
      case 'ctrl-w':
      case 'ctrl-u':
        this.query = name === 'ctrl-u' ? '' : this.query.replace(/\S*\s*$/, '');
        return 'goes-on';
      default:
        this.type(text);
        return 'goes-on';
    }
  }
}

/**
 * Returns a function that tests whether a statement contains the query, or begins with it after `^`.
 * A query without upper-case letters ignores case.
 */
export function createMatcher(query: string): (text: string) => boolean {
  const isAnchored = query.startsWith('^');
  const wanted = isAnchored ? query.slice(1) : query;
  const ignoresCase = wanted === wanted.toLowerCase();
  return (text) => {
    const searched = ignoresCase ? text.toLowerCase() : text;
    return isAnchored ? searched.startsWith(wanted) : searched.includes(wanted);
  };
}
