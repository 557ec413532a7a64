#include "app/config_keys_exec.h"

#include "app/config_setters.h"

namespace ringmaster::app {

void add_exec_keys(std::vector<KeySpec>& keys) {
    keys.push_back(
        {"shows.exec.builder", KeyType::List, TextList{},
         "Build engine exec: your program and its arguments, run in the folder of ringmaster.toml. The "
         "operation is added as its last argument.",
         set_list<&Config::exec, &Config::Exec::builder>});
    keys.push_back({"shows.exec.runtime", KeyType::List, TextList{},
                    "Run engine exec: the same. [shows.run] command is told to it as the app's.",
                    set_list<&Config::exec, &Config::Exec::runtime>});
    keys.push_back({"shows.exec.router", KeyType::List, TextList{},
                    "Router engine exec: the same. [shows.router] address is told to it, filled in.",
                    set_list<&Config::exec, &Config::Exec::router>});
    keys.push_back(
        {"shows.exec.variables", KeyType::List, TextList{},
         "Names of variables that these programs get from the environment of ours, besides PATH, HOME, LANG "
         "and TMPDIR: KUBECONFIG, AWS_PROFILE. Apps and builds do not get them from us.",
         set_list<&Config::exec, &Config::Exec::variables>});
}

}  // namespace ringmaster::app
