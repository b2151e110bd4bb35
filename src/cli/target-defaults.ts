/*
 * The defaults of --domain, --mw-config-path and --nameserver.
 */

/** The default domain of the SRV records and of the hosts in the port scheme. */
export const defaultDomain = 'eqiad.wmnet';

/** Where Wikimedia's analytics clients have their checkout of mediawiki-config. */
export const defaultMwConfigPath = '/srv/mediawiki-config';

/**
 * Returns the path of mediawiki-config: from the option, else the environment, else the default.
 */
export function chooseMwConfigPath(given: string | undefined, env: NodeJS.ProcessEnv): string {
  return given || env.ANALYTICS_MYSQL_MW_CONFIG_PATH || defaultMwConfigPath;
}

/**
 * Returns the name servers as `ADDR[:PORT]`, from the option or else the environment. An empty
 * result means the name servers of the system.
 */
export function chooseNameservers(
  given: readonly string[] | undefined,
  env: NodeJS.ProcessEnv,
): string[] {
  const texts = given ?? [env.ANALYTICS_MYSQL_NAMESERVER ?? ''];
  return texts.flatMap((text) => text.split(/[\s,]+/)).filter((text) => text !== '');
}
