// Runs post.mjs once a line of stdin, in a worker of its own so that no connection is shared: words in Base64. A line of
// stdout is what it printed, in Base64.
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { Worker } from "node:worker_threads";

for await (const line of createInterface({ input: process.stdin })) {
    const words = line.split(" ").map((word) => Buffer.from(word, "base64").toString());
    const worker = new Worker(new URL("post.mjs", import.meta.url), { argv: words, stdout: true });
    const said = text(worker.stdout);
    await new Promise((ended, failed) => worker.once("exit", ended).once("error", failed));
    console.log(Buffer.from(await said).toString("base64"));
}
