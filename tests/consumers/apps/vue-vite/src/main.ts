import { createApp, shallowRef } from "vue";
import { wicketgate, type Given } from "wicketgate/vue";
import App from "./App.vue";
import { opened } from "./permissions";

const given = shallowRef<Given>({});
createApp(App).use(wicketgate, given).mount("#app");

const snapshot = await opened();
given.value = { principal: snapshot.as(), snapshot };
