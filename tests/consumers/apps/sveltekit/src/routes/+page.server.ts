import { env } from '$env/dynamic/private';
import { described } from '../permissions';

export async function load() {
	const given = JSON.parse(env.SNAPSHOT!);
	return { ...given, answer: await described(given) };
}
