#pragma once
// A disk of 512 KiB that can be filled. Needs the right to mount; a test asks is_there() and skips loudly
// without it.

#include <sys/mount.h>

#include <fstream>
#include <string>

#include "testing/temporary_folder.h"

namespace ringmaster::testing {

class SmallDisk {
 public:
    SmallDisk() {
        is_there_ = ::mount("tmpfs", path().c_str(), "tmpfs", MS_NOSUID | MS_NODEV, "size=512k") == 0;
    }
    ~SmallDisk() {
        if (is_there_) ::umount2(path().c_str(), MNT_DETACH);
    }
    bool is_there() const { return is_there_; }
    const std::string& path() const { return folder_.path(); }
    std::string path(std::string_view inside) const { return folder_.path(inside); }
    void fill() {
        std::ofstream file(path("filling"), std::ios::binary);
        while (file.write(std::string(4096, 'x').data(), 4096) && file.flush()) {
        }
    }

 private:
    TemporaryFolder folder_;
    bool is_there_ = false;
};

}  // namespace ringmaster::testing
