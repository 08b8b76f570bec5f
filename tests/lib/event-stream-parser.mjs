// The parser of server-sent events: fields on lines, and an empty line after each event.

export function createParser() {
  const events = [];
  const comments = [];
  let rest = "";
  let event = { data: [] };
  return {
    events,
    comments,
    feed(text) {
      const lines = (rest + text).split("\n");
      rest = lines.pop();
      for (const line of lines) {
        if (line.startsWith(":")) comments.push(line);
        else if (line !== "") {
          const [, field, value] = /^([^:]*):? ?(.*)$/.exec(line);
          if (field === "data") event.data.push(value);
          else event[field] = value;
        } else {
          if (event.data.length > 0) events.push({ ...event, data: event.data.join("\n") });
          event = { data: [] };
        }
      }
    },
  };
}
