// Which paths of the one origin belong to which Worker; every other path is the console's. As the routes of a zone in a deployment.
export const GATE = /^\/(a\/|embed\/|v1\/chat\/|v1\/pass$|widget\.js$|\.well-known\/pass-jwks\.json$)/;
/** To be asked after {@link GATE}. */
export const AUTHORITY = /^\/(v1(\/|$)|healthz$|\.well-known\/jwks\.json$)/;
