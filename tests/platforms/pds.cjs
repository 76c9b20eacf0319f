// A real Bluesky server (PDS) with one account, until it is killed. NODE_PATH names the folder in which
// @atproto/dev-env is installed. Prints one line of JSON: its address, and the account's handle.
const { TestNetworkNoAppView } = require("@atproto/dev-env");

async function main() {
  const network = await TestNetworkNoAppView.create({ pds: { hostname: "localhost" } });
  const { AtpAgent } = require("@atproto/api");
  const agent = new AtpAgent({ service: network.pds.url });
  await agent.createAccount({
    handle: "gazette.test",
    email: "desk@gazette.example.org",
    password: process.env.BLUESKY_APP_PASSWORD,
  });
  console.log(JSON.stringify({ url: network.pds.url, handle: "gazette.test", did: agent.session.did }));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
