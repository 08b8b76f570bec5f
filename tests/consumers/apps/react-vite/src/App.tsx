import { useEffect, useState } from "react";
import { open, type Snapshot } from "wicketgate";
import { Can, useWicketgate, Wicketgate } from "wicketgate/react";
import { described } from "./permissions";

export default function App() {
  const [snapshot, setSnapshot] = useState<Snapshot>();
  useEffect(() => {
    fetch("/snapshot.json")
      .then((response) => response.json())
      .then(({ token, keys }) => open(token, { keys }))
      .then(setSnapshot);
  }, []);
  return (
    <Wicketgate snapshot={snapshot} principal={snapshot?.as()}>
      <Toolbar assistant="a_1Wn0xP" />
    </Wicketgate>
  );
}

function Toolbar({ assistant }: { assistant: string }) {
  const { snapshot } = useWicketgate();
  const [clicks, setClicks] = useState(0);
  return (
    <Can do="assistant.edit" on={assistant}>
      <p data-answer="component">{snapshot && described(snapshot)}</p>
      <button onClick={() => setClicks(clicks + 1)}>clicked {clicks}</button>
    </Can>
  );
}
