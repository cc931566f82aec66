// Posts a form with Node's own fetch and FormData: URL, then -F name=value, -F file=@path, -H name:value.
import { openAsBlob } from "node:fs";
import { basename } from "node:path";

const [url, ...rest] = process.argv.slice(2);
const form = new FormData();
const headers = {};
for (let at = 0; at < rest.length; at += 2) {
    const mark = rest[at] === "-H" ? ":" : "=";
    const [name, value] = [rest[at + 1].split(mark, 1)[0], rest[at + 1].slice(rest[at + 1].indexOf(mark) + 1)];
    if (rest[at] === "-H") headers[name] = value.trim();
    else if (value.startsWith("@")) form.append(name, await openAsBlob(value.slice(1)), basename(value.slice(1)));
    else form.append(name, value);
}
const answer = await fetch(url, { method: "POST", body: form, headers });
console.log(answer.status);
for (const [name, value] of answer.headers) console.log(`${name}: ${value}`);
console.log();
console.log(await answer.text());
