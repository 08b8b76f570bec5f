import { Link } from "wouter";
import { Empty } from "../ui/empty";
import { Page } from "../ui/page";

export function NotFound() {
  return (
    <Page title="There is no such page">
      <Empty title="Nothing is at this address.">
        <p>
          <Link href="/assistants">To the assistants</Link>
        </p>
      </Empty>
    </Page>
  );
}
