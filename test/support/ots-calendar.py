"""A calendar, a block explorer and a verifier by python3-opentimestamps and python3-bitcoinlib, which are not ours.

serve: prints its address; POST /digest, GET /timestamp/<hex>, POST /mine puts what was sent into a block,
       GET /block-height/<n> and /block/<hash>/header as Esplora has them
verify FILE.ots DATA [HEADER]: prints what the proof says of the file DATA, a line each; fails for any other file
"""

import hashlib
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from bitcoin.core import CBlock, CBlockHeader, CMutableTransaction, CTxIn, CTxOut, b2lx, b2x, x
from bitcoin.core.script import CScript, OP_RETURN
from opentimestamps.bitcoin import make_timestamp_from_block
from opentimestamps.core.notary import BitcoinBlockHeaderAttestation, PendingAttestation
from opentimestamps.core.op import OpAppend, OpPrepend, OpSHA256
from opentimestamps.core.serialize import (
    BytesDeserializationContext,
    BytesSerializationContext,
)
from opentimestamps.core.timestamp import DetachedTimestampFile, Timestamp, make_merkle_tree

HEIGHT = 800_000


class Calendar(BaseHTTPRequestHandler):
    pending = {}
    blocks = {}

    def log_message(self, *_):
        pass

    def answer(self, status, body=b""):
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"] or 0))
        if self.path == "/mine":
            return self.answer(200, str(mine(self.pending, self.blocks)).encode())
        if self.path != "/digest" or len(body) > 64:
            return self.answer(404)
        stamp = Timestamp(body)
        commitment = stamp.ops.add(OpPrepend(b"\x65\x00\x00\x00")).ops.add(OpAppend(os.urandom(8)))
        commitment.attestations.add(PendingAttestation("http://%s" % self.headers["host"]))
        self.pending[commitment.msg] = Timestamp(commitment.msg)
        self.answer(200, bytes_of(stamp))

    def do_GET(self):
        kind, _, rest = self.path[1:].partition("/")
        if kind == "timestamp":
            stamp = self.pending.get(bytes.fromhex(rest))
            if stamp is None or not list(stamp.all_attestations()):
                return self.answer(404, b"not yet")
            return self.answer(200, bytes_of(stamp))
        block = self.blocks.get(rest.removesuffix("/header"))
        if block is None:
            return self.answer(404)
        header = block.get_header()
        self.answer(200, (b2lx(header.GetHash()) if kind == "block-height" else b2x(header.serialize())).encode())


def mine(pending, blocks):
    """A block with one transaction that holds the root over all that waits."""
    waiting = [stamp for stamp in pending.values() if not list(stamp.all_attestations())]
    # Hashed first, so that what goes into the tree has the length of a digest.
    tip = make_merkle_tree([stamp.ops.add(OpSHA256()) for stamp in waiting])
    coinbase = CMutableTransaction([CTxIn()], [CTxOut(0, CScript([OP_RETURN, b"first"]))])
    holder = CMutableTransaction([CTxIn()], [CTxOut(0, CScript([OP_RETURN, tip.msg]))])
    height = HEIGHT + len(blocks) // 2
    for nonce in range(1000):
        block = CBlock(nTime=1_700_000_000, nBits=0x207FFFFF, nNonce=nonce, vtx=[coinbase, holder])
        merkle = block.calc_merkle_root()
        block = CBlock(
            hashMerkleRoot=merkle, nTime=1_700_000_000, nBits=0x207FFFFF, nNonce=nonce, vtx=[coinbase, holder]
        )
        if int(b2lx(block.GetHash()), 16) <= 0x7FFFFF << (8 * 29):
            break
    tip.merge(make_timestamp_from_block(tip.msg, block, height))
    blocks[str(height)] = block
    blocks[b2lx(block.GetHash())] = block
    return height


def bytes_of(stamp):
    context = BytesSerializationContext()
    stamp.serialize(context)
    return context.getbytes()


def verify(proof, data, header=None):
    with open(proof, "rb") as file:
        detached = DetachedTimestampFile.deserialize(BytesDeserializationContext(file.read()))
    with open(data, "rb") as file:
        if detached.file_digest != hashlib.sha256(file.read()).digest():
            sys.exit("a proof of another file")
    for message, attestation in sorted(detached.timestamp.all_attestations(), key=lambda one: repr(one[1])):
        if isinstance(attestation, BitcoinBlockHeaderAttestation) and header is not None:
            seconds = attestation.verify_against_blockheader(message, CBlockHeader.deserialize(x(header)))
            print("bitcoin %d at %d" % (attestation.height, seconds))
        elif isinstance(attestation, BitcoinBlockHeaderAttestation):
            print("bitcoin %d" % attestation.height)
        else:
            print("pending %s" % attestation.uri)


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        server = HTTPServer(("127.0.0.1", 0), Calendar)
        print("http://127.0.0.1:%d" % server.server_port, flush=True)
        # Ends with whoever started it.
        threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
        server.serve_forever()
    else:
        verify(*sys.argv[2:])
