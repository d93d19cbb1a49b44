"use strict";

// MD5 (RFC 1321) of a text's UTF-8 bytes, in hexadecimal digits: the partner API signs with it, and browsers
// no longer bring it along.
function md5(text) {
  const turns = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
  const bytes = [...new TextEncoder().encode(text)];
  const length = bytes.length;
  bytes.push(0x80);
  while (bytes.length % 64 !== 56) bytes.push(0);
  for (let at = 0; at < 8; at++) bytes.push(Math.floor((length * 8) / 2 ** (8 * at)) & 255);
  let state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  for (let block = 0; block < bytes.length; block += 64) {
    const word = (at) => bytes[block + 4 * at] | (bytes[block + 4 * at + 1] << 8)
      | (bytes[block + 4 * at + 2] << 16) | (bytes[block + 4 * at + 3] << 24);
    let [a, b, c, d] = state;
    for (let step = 0; step < 64; step++) {
      const round = step >> 4;
      const [mixed, at] = [
        [(b & c) | (~b & d), step],
        [(d & b) | (~d & c), (5 * step + 1) % 16],
        [b ^ c ^ d, (3 * step + 5) % 16],
        [c ^ (b | ~d), (7 * step) % 16],
      ][round];
      const constant = Math.floor(Math.abs(Math.sin(step + 1)) * 2 ** 32);
      const sum = (a + mixed + constant + word(at)) | 0;
      const turn = turns[round][step % 4];
      [a, b, c, d] = [d, (b + ((sum << turn) | (sum >>> (32 - turn)))) | 0, b, c];
    }
    state = [state[0] + a, state[1] + b, state[2] + c, state[3] + d].map((one) => one | 0);
  }
  return state.flatMap((one) => [0, 8, 16, 24].map((by) => ((one >>> by) & 255).toString(16).padStart(2, "0"))).join("");
}

const element = (name, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};
const field = (id) => document.getElementById(id).value.trim();

function credentials(operation) {
  const wanted = Object.keys(operation.security[0] ?? {});
  if (wanted.includes("mlAuth")) {
    const [client, key] = [field("client"), field("systemaccesskey")];
    const stamp = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
    const signature = md5(`${client} ${key} x-ml-timestamp:${stamp}`);
    return {
      "ml-auth": `client=${client}&systemaccesskey=${key}&signature=${signature}`,
      "x-ml-timestamp": stamp,
    };
  }
  return wanted.includes("bearer") && field("bearer") ? { Authorization: `Bearer ${field("bearer")}` } : {};
}

// What a field of the form holds, as JSON has it: lists by commas, numbers and truths as such.
function read(text, schema) {
  const kinds = JSON.stringify(schema);
  if (kinds.includes('"array"')) return text.split(",").map((one) => one.trim()).filter(Boolean);
  if (/"(integer|number)"/.test(kinds) && !kinds.includes('"string","number"') && text !== "" && !isNaN(text)) return Number(text);
  if (schema.enum?.includes(true)) return text === "true";
  return text;
}

function request(path, method, operation, fields) {
  const query = new URLSearchParams();
  let body = null;
  for (const { name, place, schema, input } of fields) {
    const text = input.value.trim();
    if (place === "path") path = path.replace(`{${name}}`, encodeURIComponent(text));
    else if (text === "") continue;
    else if (place === "query") [].concat(schema.type === "array" ? read(text, schema) : text).forEach((one) => query.append(name, one));
    else if (place === "whole") body = text;
    else body = { ...body, [name]: read(text, schema) };
  }
  const address = path + (query.size ? `?${query}` : "");
  const headers = credentials(operation);
  const content = Object.keys(operation.requestBody?.content ?? {})[0];
  if (content) {
    headers["Content-Type"] = content;
    body = typeof body === "string" ? body : JSON.stringify(body ?? {});
  }
  return [address, { method: method.toUpperCase(), headers, body: content ? body : undefined }];
}

function curl(address, { method, headers, body }) {
  const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  const lines = [`curl ${method === "GET" ? "" : `-X ${method} `}${quoted(location.origin + address)}`];
  for (const [name, value] of Object.entries(headers)) lines.push(`-H ${quoted(`${name}: ${value}`)}`);
  if (body !== undefined) lines.push(`-d ${quoted(body)}`);
  return lines.join(" \\\n  ");
}

async function send(address, options, into) {
  into.replaceChildren(element("p", { className: "quiet", textContent: "…" }));
  const began = performance.now();
  try {
    const answer = await fetch(address, { ...options, credentials: "omit" });
    const kind = answer.headers.get("content-type") ?? "";
    const parts = [];
    if (kind.startsWith("image/")) {
      const url = "data:" + kind + ";base64," + btoa(String.fromCharCode(...new Uint8Array(await answer.arrayBuffer())));
      parts.push(element("img", { src: url, alt: "The answer" }));
    } else {
      let text = await answer.text();
      try { text = JSON.stringify(JSON.parse(text), null, 2); } catch { /* It is shown as it came. */ }
      const most = 200_000;
      parts.push(element("pre", { textContent: text.length > most ? text.slice(0, most) + "\n…" : text }));
    }
    const told = [...answer.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
    into.replaceChildren(
      element("h3", { className: answer.ok ? "" : "bad", textContent:
        `${answer.status} ${answer.statusText} in ${Math.round(performance.now() - began)} ms` }),
      ...parts, element("pre", { textContent: told }));
  } catch (error) {
    into.replaceChildren(element("p", { className: "bad", textContent: `No answer: ${error.message}` }));
  }
}

function show(path, method, operation, button) {
  document.querySelector("[aria-current]")?.removeAttribute("aria-current");
  button.setAttribute("aria-current", "true");
  const content = Object.values(operation.requestBody?.content ?? {})[0];
  const members = Object.entries(content?.schema?.properties ?? {});
  const fields = [
    ...(operation.parameters ?? []).map((one) => ({ ...one, place: one.in })),
    ...members.map(([name, schema]) => ({ name, schema, place: "body", description: schema.description,
      required: content.schema.required?.includes(name) })),
    ...(content && !members.length ? [{ name: "body", place: "whole", schema: {} }] : []),
  ].map((one) => ({ ...one, input: one.schema.enum
    ? element("select", {}, element("option"), ...[...new Set(one.schema.enum.filter((value) => typeof value === typeof one.schema.enum[0]))]
      .map((value) => element("option", { textContent: String(value) })))
    : element("input", { spellcheck: false, placeholder: JSON.stringify(one.schema).includes('"array"') ? "one, another" : "" }) }));
  for (const one of fields) one.input.setAttribute("aria-label", one.name);
  const table = element("table", {}, ...fields
    .sort((a, b) => Number(Boolean(b.required)) - Number(Boolean(a.required)))
    .map((one) => element("tr", {},
      element("td", { textContent: one.name, className: one.required ? "needed" : "" }),
      element("td", {}, one.input),
      element("td", { className: "quiet", textContent: one.description ?? "" }))));
  const answer = element("div");
  const line = element("pre");
  const form = element("form", {}, table, element("button", { className: "send", textContent: "Send" }), line, answer);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const [address, options] = request(path, method, operation, fields);
    line.textContent = curl(address, options);
    send(address, options, answer);
  });
  document.getElementById("operation").replaceChildren(
    element("h2", {}, element("small", { textContent: method.toUpperCase() }), path),
    element("p", { textContent: operation.summary ?? "" }), form);
}

async function begin() {
  const told = await (await fetch("/openapi.json")).json();
  const list = document.getElementById("operations");
  for (const { name, description } of told.tags) {
    list.append(element("h3", { textContent: name, title: description }));
    for (const [path, item] of Object.entries(told.paths)) {
      for (const [method, operation] of Object.entries(item)) {
        if (!operation.tags.includes(name)) continue;
        const button = element("button", { title: operation.summary ?? "" },
          element("small", { textContent: method.toUpperCase() }), name === "Partner" ? path.split("/").pop() : path);
        button.addEventListener("click", () => show(path, method, operation, button));
        list.append(button);
      }
    }
  }
}

begin().catch((error) => {
  document.getElementById("operation").textContent = `The document cannot be read: ${error.message}`;
});
