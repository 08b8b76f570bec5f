import { Link } from "wouter";
import { Empty } from "../ui/empty";
import { Page } from "../ui/page";

export function NotFound() {
  return (
    <Page title="Page not found">
      <Empty title="There is no page at this address.">
        <p>
          <Link href="/assistants">Go to the assistants</Link>
        </p>
      </Empty>
    </Page>
  );
}
