// Waits for a condition, asking often, and gives up with its name.
export async function until(condition, name, seconds = 10) {
  const deadline = Date.now() + seconds * 1000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited ${seconds} s in vain: ${name}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
