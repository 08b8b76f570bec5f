export default defineEventHandler(() => described(JSON.parse(process.env.SNAPSHOT!)));
