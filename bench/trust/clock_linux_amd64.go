package main

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
)

// wrongClock is the clock of one process: the machine's, and so much more or less as was set. The program is not changed for
// it and knows nothing of it. A Go program asks the time of a function that the kernel lays into every process (the vDSO);
// before the process begins, that function is replaced in this one process by the system call and an addition.
type wrongClock struct {
	pid int
	at  int64 // address of the seconds that are added
}

// clockCode asks the kernel and, for the clock of the day (0; the monotonic one is 1 and stays right), adds what stands at
// the address whose distance is filled in at clockHole.
var clockCode = []byte{
	0xb8, 0xe4, 0x00, 0x00, 0x00, //     mov eax, 228 (clock_gettime)
	0x0f, 0x05, //                       syscall
	0x85, 0xff, //                       test edi, edi
	0x75, 0x0a, //                       jne end
	0x48, 0x8b, 0x0d, 0, 0, 0, 0, //     mov rcx, [rip+hole]
	0x48, 0x01, 0x0e, //                 add [rsi], rcx
	0xc3, //                        end: ret
}

const clockHole = 14 // of the distance, which counts from 18

// startWithClock starts a command whose clock is wrong by so many seconds from its first instruction on, and can be set.
func startWithClock(cmd *exec.Cmd, seconds int64) (*wrongClock, error) {
	runtime.LockOSThread() // whoever traces a process is a thread
	defer runtime.UnlockOSThread()
	cmd.SysProcAttr.Ptrace = true
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	c := &wrongClock{pid: cmd.Process.Pid}
	var status syscall.WaitStatus
	_, err := syscall.Wait4(c.pid, &status, 0, nil) // until it stands at its first instruction
	if err == nil {
		err = c.replace(seconds)
	}
	if err = errors.Join(err, syscall.PtraceDetach(c.pid)); err != nil {
		cmd.Process.Kill()
		cmd.Wait()
		return nil, fmt.Errorf("give a process a clock of its own: %w", err)
	}
	return c, nil
}

// replace puts clockCode in the place of the kernel's function.
func (c *wrongClock) replace(seconds int64) error {
	base, image, err := c.image()
	if err != nil {
		return err
	}
	file, err := elf.NewFile(bytes.NewReader(image))
	if err != nil {
		return err
	}
	symbols, err := file.DynamicSymbols()
	if err != nil {
		return err
	}
	for _, s := range symbols {
		if s.Name != "__vdso_clock_gettime" {
			continue
		}
		code := int64(uint64(base) + s.Value)
		c.at = (code + int64(len(clockCode)) + 7) &^ 7 // so that it is written at once
		if c.at+8 > code+int64(s.Size) {
			return fmt.Errorf("the kernel's function has only %d octets", s.Size)
		}
		b := bytes.Clone(clockCode)
		binary.LittleEndian.PutUint32(b[clockHole:], uint32(c.at-code-clockHole-4))
		return errors.Join(c.set(seconds), c.write(code, b))
	}
	return errors.New("the kernel lays no clock into its processes")
}

// image reads what the kernel laid into the process.
func (c *wrongClock) image() (base int64, image []byte, err error) {
	maps, err := os.ReadFile(fmt.Sprintf("/proc/%d/maps", c.pid))
	if err != nil {
		return 0, nil, err
	}
	for line := range strings.Lines(string(maps)) {
		if !strings.HasSuffix(strings.TrimSpace(line), "[vdso]") {
			continue
		}
		from, rest, _ := strings.Cut(line, "-")
		to, _, _ := strings.Cut(rest, " ")
		first, err1 := strconv.ParseInt(from, 16, 64)
		last, err2 := strconv.ParseInt(to, 16, 64)
		if err := errors.Join(err1, err2); err != nil {
			return 0, nil, err
		}
		memory, err := os.Open(fmt.Sprintf("/proc/%d/mem", c.pid))
		if err != nil {
			return 0, nil, err
		}
		defer memory.Close()
		image = make([]byte, last-first)
		_, err = memory.ReadAt(image, first)
		return first, image, err
	}
	return 0, nil, errors.New("the kernel lays nothing into its processes")
}

func (c *wrongClock) write(at int64, b []byte) error {
	memory, err := os.OpenFile(fmt.Sprintf("/proc/%d/mem", c.pid), os.O_RDWR, 0)
	if err != nil {
		return err
	}
	_, err = memory.WriteAt(b, at)
	return errors.Join(err, memory.Close())
}

// set lets the clock be wrong by so many seconds from now on.
func (c *wrongClock) set(seconds int64) error {
	return c.write(c.at, binary.LittleEndian.AppendUint64(nil, uint64(seconds)))
}
