import { isAbsolute, join } from 'node:path';

/**
 * Returns the user's directory of this program: `analytics-mysql` in XDG_CONFIG_HOME if that is an
 * absolute path, as the XDG Base Directory Specification requires, else in `.config` of the home
 * directory. Returns undefined if neither variable is set.
 */
export function findConfigDirectory(environment: NodeJS.ProcessEnv): string | undefined {
  const { XDG_CONFIG_HOME, HOME } = environment;
  if (XDG_CONFIG_HOME && isAbsolute(XDG_CONFIG_HOME))
    return join(XDG_CONFIG_HOME, 'analytics-mysql');
  return HOME ? join(HOME, '.config/analytics-mysql') : undefined;
}
