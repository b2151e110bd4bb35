/** The domain of the SRV records and of the hosts of the port scheme. */
export const defaultDomain = 'eqiad.wmnet';

/** The checkout of mediawiki-config: the one that was named, else the environment's, else the usual. */
export function mwConfigPathOf(given: string | undefined, env: NodeJS.ProcessEnv): string {
  return given || env.ANALYTICS_MYSQL_MW_CONFIG_PATH || '/srv/mediawiki-config';
}

/** The name servers, `ADDR[:PORT]`: those that were named, else the environment's; none: the system's. */
export function nameserversOf(
  given: readonly string[] | undefined,
  env: NodeJS.ProcessEnv,
): string[] {
  const texts = given ?? [env.ANALYTICS_MYSQL_NAMESERVER ?? ''];
  return texts.flatMap((text) => text.split(/[\s,]+/)).filter((text) => text !== '');
}
