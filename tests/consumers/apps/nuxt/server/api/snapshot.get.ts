export default defineEventHandler((): Given => JSON.parse(process.env.SNAPSHOT!));
