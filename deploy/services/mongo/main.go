// A MongoDB-protocol server for tests: FerretDB 1 as a library, on PostgreSQL.
//
// FerretDB 1 loses concurrent updates of one document (measured: 8 clients with 100 $inc each ended at about 125),
// so every command that writes goes through one lock here. A MongoDB server needs none of this.
package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"flag"
	"io"
	"log"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"

	"github.com/FerretDB/FerretDB/ferretdb"
)

const (
	headerBytes  = 16
	longestBytes = 64 << 20
	opMsg        = 2013
	moreToCome   = 2 // the client waits for no answer
)

var (
	writing sync.Mutex
	writers = map[string]bool{"insert": true, "update": true, "delete": true, "findAndModify": true, "findandmodify": true}
)

// message is one message of the wire protocol, its header included.
type message []byte

func read(from io.Reader) (message, error) {
	header := make([]byte, headerBytes)
	if _, err := io.ReadFull(from, header); err != nil {
		return nil, err
	}
	size := binary.LittleEndian.Uint32(header)
	if size < headerBytes || size > longestBytes {
		return nil, errors.New("a message of an impossible length")
	}
	whole := append(header, make([]byte, size-headerBytes)...)
	_, err := io.ReadFull(from, whole[headerBytes:])
	return whole, err
}

func (m message) isOpMsg() bool {
	return len(m) > headerBytes+10 && binary.LittleEndian.Uint32(m[12:]) == opMsg
}

// writes tells whether the first key of the message's document names a command that writes.
func (m message) writes() bool {
	if !m.isOpMsg() || m[headerBytes+4] != 0 {
		return false
	}
	name, _, _ := bytes.Cut(m[headerBytes+10:], []byte{0}) // after flags, kind, length and the element's type
	return writers[string(name)]
}

func (m message) wantsAnswer() bool {
	return !m.isOpMsg() || binary.LittleEndian.Uint32(m[headerBytes:])&moreToCome == 0
}

func ask(server net.Conn, m message) (message, error) {
	if m.writes() {
		writing.Lock()
		defer writing.Unlock()
	}
	if _, err := server.Write(m); err != nil || !m.wantsAnswer() {
		return nil, err
	}
	return read(server)
}

func serve(client net.Conn, socket string) {
	defer client.Close()
	server, err := net.Dial("unix", socket)
	if err != nil {
		log.Print(err)
		return
	}
	defer server.Close()
	for {
		question, err := read(client)
		if err != nil {
			return
		}
		answer, err := ask(server, question)
		if err == nil && answer != nil {
			_, err = client.Write(answer)
		}
		if err != nil {
			return
		}
	}
}

func main() {
	address := flag.String("listen", "127.0.0.1:27017", "where clients connect")
	folder := flag.String("folder", ".", "where the inner socket lies")
	flag.Parse()

	socket := filepath.Join(*folder, "inner.sock")
	os.Remove(socket)
	config := &ferretdb.Config{Handler: "postgresql", PostgreSQLURL: os.Getenv("POSTGRESQL_URL")}
	config.Listener = ferretdb.ListenerConfig{Unix: socket}
	inner, err := ferretdb.New(config)
	if err != nil {
		log.Fatal(err)
	}
	listener, err := net.Listen("tcp", *address)
	if err != nil {
		log.Fatal(err)
	}
	until, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	go func() { <-until.Done(); listener.Close() }()
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go serve(client, socket)
		}
	}()
	if err := inner.Run(until); err != nil && until.Err() == nil {
		log.Fatal(err)
	}
}
